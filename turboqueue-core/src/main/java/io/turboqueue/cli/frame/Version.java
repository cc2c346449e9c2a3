package io.turboqueue.cli.frame;

import picocli.CommandLine.IVersionProvider;

/** The release, from the jar's manifest. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {"turboqueue " + (version == null ? "(not from a jar)" : version)};
    }
}
