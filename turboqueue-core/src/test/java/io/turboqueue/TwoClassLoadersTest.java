package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An application server has the library once for each application: two sets of statics, but one process to the kernel. */
@Timeout(120)
class TwoClassLoadersTest {

    private static final String QUEUE = "flights";

    @TempDir
    Path temp;

    @Test
    void theyLeaveEachOthersOwnersAloneAndLocked() throws Exception {
        Path spool = temp.resolve("spool");
        try (URLClassLoader loader = secondLoader();
                TalkingProcess here = new TalkingProcess(spool, QUEUE);
                Stranger there = new Stranger(loader, spool);
                ChildJvm child = ChildJvm.start(temp, TalkingProcess.class, spool.toString(), QUEUE)) {
            here.answer("publish", "LH 400");
            here.answer("publish", "LH 401");
            assertThat(here.answer("poll", "0")).isEqualTo("claimed attempt 0 [LH 400]");
            assertThat(there.answer("poll", "0")).isEqualTo("claimed attempt 0 [LH 401]");

            for (int round = 0; round < 5; round++) {
                assertThat(here.answer("clear", "")).as("cleared by one").contains("owners=0", "requeued=0");
                assertThat(there.answer("clear", "")).as("cleared by the other").contains("owners=0", "requeued=0");
                assertThat(child.ask("clear")).as("cleared by another process").contains("owners=0", "requeued=0");
            }
            assertThat(here.answer("ack", "")).isEqualTo("acked");
            assertThat(there.answer("ack", "")).isEqualTo("acked");
            child.end();
        }
        assertThat(SpoolFiles.leftovers(spool)).isEmpty();
    }

    @Test
    void theThreadsContextClassLoaderDoesNotMatter() throws Exception {
        Path spool = temp.resolve("spool");
        try (URLClassLoader loader = secondLoader();
                Stranger there = new Stranger(loader, spool)) {
            assertThat(there.answerAsItIs("publish", "LH 400")).isEqualTo("published");
            assertThat(there.answerAsItIs("poll", "0")).isEqualTo("claimed attempt 0 [LH 400]");
            assertThat(there.answerAsItIs("ack", "")).isEqualTo("acked");
        }
    }

    private static URLClassLoader secondLoader() {
        URL[] urls = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> url(Path.of(entry)))
                .toArray(URL[]::new);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(Path entry) {
        try {
            return entry.toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A {@link TalkingProcess} of the other loader's class of that name. */
    private static final class Stranger implements AutoCloseable {
        private final Object process;
        private final Method answer;
        private final Method close;

        Stranger(ClassLoader loader, Path spool) throws ReflectiveOperationException {
            Class<?> type = loader.loadClass(TalkingProcess.class.getName());
            assertThat(type).isNotEqualTo(TalkingProcess.class);
            Constructor<?> constructor = type.getDeclaredConstructor(Path.class, String.class);
            constructor.setAccessible(true);
            process = constructor.newInstance(spool, QUEUE);
            answer = accessible(type.getDeclaredMethod("answer", String.class, String.class));
            close = accessible(type.getDeclaredMethod("close"));
        }

        private static Method accessible(Method method) {
            method.setAccessible(true);
            return method;
        }

        /** As an application server calls an application. */
        String answer(String command, String text) throws IllegalAccessException, InvocationTargetException {
            Thread thread = Thread.currentThread();
            ClassLoader context = thread.getContextClassLoader();
            thread.setContextClassLoader(process.getClass().getClassLoader());
            try {
                return answerAsItIs(command, text);
            } finally {
                thread.setContextClassLoader(context);
            }
        }

        String answerAsItIs(String command, String text) throws IllegalAccessException, InvocationTargetException {
            return String.valueOf(answer.invoke(process, command, text));
        }

        @Override
        public void close() throws IllegalAccessException, InvocationTargetException {
            close.invoke(process);
        }
    }
}
