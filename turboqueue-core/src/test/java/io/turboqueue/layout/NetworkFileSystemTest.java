package io.turboqueue.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkFileSystemTest {

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(
            strings = {"nfs", "nfs4", "cifs", "smb3", "9p", "fuse", "fuse.sshfs", "fuse.glusterfs", "ceph", "virtiofs"})
    void aNetworkFileSystemIsKnown(String type) {
        assertThat(SpoolFolder.isNetwork(type)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "btrfs", "tmpfs", "overlay", "zfs", "fuseblk", "apfs", "vfat", ""})
    void aLocalFileSystemIsNone(String type) {
        assertThat(SpoolFolder.isNetwork(type)).isFalse();
    }

    @Test
    void theTemporaryFolderOfTestsIsLocal() {
        assertThatCode(() -> new SpoolFolder(temp).requireLocal()).doesNotThrowAnyException();
    }
}
