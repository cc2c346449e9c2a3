package io.turboqueue.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.owner.ProcFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnerNameTest {

    private static final PidScope SCOPE = new PidScope("1f2e3d4c", "4026531836", "4026531834", "4026531837", "1000");
    private static final String RANDOM = "k3v9q2m7x4wd8c1z";

    @Test
    void aNameSaysWhichProcessItIs() {
        OwnerName name = new OwnerName(OwnerName.Form.IN_USE, new ProcessIdentity(4711, "8123456", SCOPE), RANDOM);

        assertThat(name.format())
                .isEqualTo("4711-8123456-1f2e3d4c-4026531836.4026531834.4026531837.1000-k3v9q2m7x4wd8c1z");
        assertThat(name.label()).isEqualTo("4711-k3v9q2m7x4wd8c1z");
    }

    @ParameterizedTest
    @EnumSource
    void everyFormIsReadAsItWasWritten(OwnerName.Form form) {
        OwnerName known = new OwnerName(form, new ProcessIdentity(4711, "8123456", SCOPE), RANDOM);
        OwnerName unknown = new OwnerName(form, ProcessIdentity.unknown(1), RANDOM);

        assertThat(OwnerName.parse(known.format())).contains(known);
        assertThat(OwnerName.parse(unknown.format())).contains(unknown);
        assertThat(known.in(OwnerName.Form.IN_USE).format()).isEqualTo(known.own());
    }

    @Test
    void theLongestNameFitsIntoADirectory() {
        PidScope longest = new PidScope("ffffffff", "4294967295", "4294967295", "4294967295", "4294967294");
        OwnerName name = new OwnerName(
                OwnerName.Form.LEFT, new ProcessIdentity(4_194_304, "9223372036854775807", longest), RANDOM);

        assertThat(name.format()).hasSizeLessThanOrEqualTo(255);
        assertThat(OwnerName.parse(name.format())).contains(name);
    }

    @Test
    void namesNeverOccurTwice() {
        ProcessIdentity self = ProcFolder.SYSTEM.self();

        assertThat(OwnerName.next(self)).isNotEqualTo(OwnerName.next(self));
    }

    @ParameterizedTest(name = "<{0}>")
    @ValueSource(
            strings = {
                "",
                "format-2",
                "4711-k3v9q2m7x4wd8c1z",
                "0-x-x-x.x.x.x-k3v9q2m7x4wd8c1z",
                "04711-x-x-x.x.x.x-k3v9q2m7x4wd8c1z",
                "4711-x-x-x.x.x-k3v9q2m7x4wd8c1z",
                "4711-x-x-x.x.x.x-k3v9q2m7x4wd8c1",
                "4711-x-1f2e3d4-x.x.x.x-k3v9q2m7x4wd8c1z",
                "4711-y-x-x.x.x.x-k3v9q2m7x4wd8c1z",
                "4711-x-x-x.x.x.x-K3v9q2m7x4wd8c1z",
                "left-.new-4711-x-x-x.x.x.x-k3v9q2m7x4wd8c1z",
                "Left-4711-x-x-x.x.x.x-k3v9q2m7x4wd8c1z",
                "4711-x-x-x.x.x.x-k3v9q2m7x4wd8c1z\n",
                "99999999999-x-x-x.x.x.x-k3v9q2m7x4wd8c1z"
            })
    void whateverElseIsNoOwners(String text) {
        assertThat(OwnerName.parse(text)).isEmpty();
    }
}
