package io.turboqueue.examples.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A team's own work in jars of its own, and everything that can be wrong with it. */
class WorkClassTest {

    private static final String HEAD = "package team; import io.turboqueue.examples.kafka.*; public ";

    @TempDir
    Path folder;

    @Test
    void aClassAndWhatItNeedsAreFoundInSeveralJars() throws Exception {
        Path library = WorkJar.compile(
                folder,
                "library",
                "",
                "package lib; public final class Upper { public static String of(String s) { return s.toUpperCase(); } }");
        Path work = WorkJar.compile(
                folder,
                "work",
                library.toString(),
                HEAD + "final class Loud implements EventWork { public byte[] apply(byte[] value) {"
                        + " return lib.Upper.of(new String(value)).getBytes(); } }");

        assertThat(applied("team.Loud", work + File.pathSeparator + library)).isEqualTo("EVENT");
    }

    @Test
    void aStarIsAllJarsOfAFolder() throws Exception {
        Path lib = Files.createDirectory(folder.resolve("lib"));
        WorkJar.compile(lib, "work", "", echo("Echo"));

        assertThat(applied("team.Echo", lib + "/*")).isEqualTo("event");
    }

    @Test
    void aFolderOfClassesIsEnough() throws Exception {
        WorkJar.compile(folder, "work", "", echo("Echo"));

        assertThat(applied("team.Echo", folder.resolve("work-classes").toString()))
                .isEqualTo("event");
    }

    @Test
    void noneOfItsCodeRunsBeforeItIsOpened() throws Exception {
        String mark = "team.Marking.ran." + System.nanoTime();
        Path jar = WorkJar.compile(
                folder,
                "work",
                "",
                HEAD + "final class Marking implements EventWork { static { System.setProperty(\"" + mark
                        + "\", \"yes\"); } public byte[] apply(byte[] value) { return value; } }");

        try (WorkClass found = WorkClass.find(settings("team.Marking", jar.toString()))) {
            assertThat(System.getProperty(mark)).isNull();
            open(found);
            assertThat(System.getProperty(mark)).isEqualTo("yes");
        } finally {
            System.clearProperty(mark);
        }
    }

    @Test
    void aJarThatIsNotThereIsNamed() {
        assertRefused("team.Echo", "no-such.jar", "work.classPath = \"no-such.jar\"", "no-such.jar is not there");
        assertRefused("team.Echo", "no-such/*", "work.classPath = \"no-such/*\"", "no-such is not there");
    }

    @Test
    void aClassThatIsNotInTheJarsIsNamed() throws Exception {
        Path jar = WorkJar.compile(folder, "work", "", echo("Echo"));

        assertRefused("team.Other", jar.toString(), "work.class = \"team.Other\"", "no such class");
    }

    @Test
    void aClassThatCannotDoTheWorkIsNamedWithTheReason() throws Exception {
        Path jar = WorkJar.compile(
                folder,
                "work",
                "",
                HEAD + "final class Plain {}",
                HEAD + "abstract class Half implements EventWork {}",
                HEAD + "final class Asking implements EventWork { public Asking(int n) {}"
                        + " public byte[] apply(byte[] value) { return value; } }");

        assertRefused("team.Plain", jar.toString(), "work.class = \"team.Plain\"", "ClassCastException");
        assertRefused("team.Half", jar.toString(), "work.class = \"team.Half\"", "abstract");
        assertRefused("team.Asking", jar.toString(), "work.class = \"team.Asking\"", "NoSuchMethodException");
    }

    @Test
    void aClassWhoseLibraryIsMissingIsNamedWithWhatIsMissing() throws Exception {
        Path library = WorkJar.compile(folder, "library", "", "package lib; public interface Base {}");
        Path jar = WorkJar.compile(
                folder,
                "work",
                library.toString(),
                HEAD + "final class Needy implements EventWork, lib.Base {"
                        + " public byte[] apply(byte[] value) { return value; } }");

        assertRefused("team.Needy", jar.toString(), "work.class = \"team.Needy\"", "lib/Base");
    }

    @Test
    void aFailingConstructorInitialiserOrOpenIsOneSentenceWithItsCause() throws Exception {
        String apply = " public byte[] apply(byte[] value) { return value; } }";
        Path jar = WorkJar.compile(
                folder,
                "work",
                "",
                HEAD + "final class NoModel implements EventWork { public NoModel() {"
                        + " throw new IllegalStateException(\"the model is missing\"); }" + apply,
                HEAD + "final class NoTable implements EventWork { static final int SIZE = Integer.parseInt(\"many\");"
                        + apply,
                HEAD + "final class NoPort implements EventWork { public void open() throws Exception {"
                        + " throw new java.net.ConnectException(\"refused\"); }" + apply);
        for (String[] expected : List.of(
                new String[] {"team.NoModel", "java.lang.IllegalStateException: the model is missing"},
                new String[] {"team.NoTable", "java.lang.NumberFormatException: For input string: \"many\""},
                new String[] {"team.NoPort", "java.net.ConnectException: refused"})) {
            try (WorkClass found = WorkClass.find(settings(expected[0], jar.toString()))) {
                assertThatThrownBy(() -> open(found))
                        .isInstanceOf(PipelineException.class)
                        .hasMessage("setting work.class = \"" + expected[0] + "\" cannot be created or opened: "
                                + expected[1]);
            }
        }
    }

    private static String echo(String name) {
        return HEAD + "final class " + name
                + " implements EventWork { public byte[] apply(byte[] value) { return value; } }";
    }

    private void assertRefused(String workClass, String classPath, String... words) {
        assertThatThrownBy(() -> WorkClass.find(settings(workClass, classPath)).close())
                .isInstanceOf(PipelineException.class)
                .hasMessageContainingAll(words);
    }

    private String applied(String workClass, String classPath) throws Exception {
        try (WorkClass found = WorkClass.find(settings(workClass, classPath))) {
            return new String(open(found).apply("event".getBytes(UTF_8)), UTF_8);
        }
    }

    /** Gives the thread its own class loader back. */
    private static EventWork open(WorkClass found) throws PipelineException {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try {
            return found.open();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private PipelineSettings settings(String workClass, String classPath) throws Exception {
        return RunningPipeline.settings(
                "localhost:9092", folder, "own", Map.of("work.class", workClass, "work.classPath", classPath));
    }
}
