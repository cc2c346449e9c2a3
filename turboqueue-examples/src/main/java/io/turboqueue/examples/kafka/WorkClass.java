package io.turboqueue.examples.kafka;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The class that does the work, found on the class path that the settings give it. None of its code runs before {@link #open}.
 * What the pipeline itself brings (its own classes, Kafka's clients, Jackson, SQLite) wins over the same class in those jars.
 */
final class WorkClass implements Closeable {

    private static final String ALL_JARS = "*";

    private final URLClassLoader loader;
    private final Constructor<? extends EventWork> constructor;

    private WorkClass(URLClassLoader loader, Constructor<? extends EventWork> constructor) {
        this.loader = loader;
        this.constructor = constructor;
    }

    /**
     * Looks at the class.
     *
     * @throws PipelineException if there is none that can do the work, saying why
     */
    static WorkClass find(PipelineSettings settings) throws IOException, PipelineException {
        String name = settings.text(PipelineSetting.WORK_CLASS);
        URLClassLoader loader = new URLClassLoader(
                "work", urls(settings.workClassPath()).toArray(URL[]::new), WorkClass.class.getClassLoader());
        try {
            Class<? extends EventWork> found =
                    Class.forName(name, false, loader).asSubclass(EventWork.class);
            int modifiers = found.getModifiers();
            if (!Modifier.isPublic(modifiers) || Modifier.isAbstract(modifiers)) {
                throw unfit(name, "it is not public, or it is abstract", null);
            }
            return new WorkClass(loader, found.getConstructor());
        } catch (ClassNotFoundException missing) {
            loader.close();
            throw unfit(name, "there is no such class in work.classPath", missing);
        } catch (NoSuchMethodException | ClassCastException | LinkageError wrong) {
            loader.close();
            throw unfit(name, wrong.toString(), wrong);
        } catch (PipelineException wrong) {
            loader.close();
            throw wrong;
        }
    }

    private static PipelineException unfit(String name, String why, @Nullable Throwable cause) {
        String message = "setting work.class = \"" + name + "\" must be a public class that implements "
                + EventWork.class.getName() + ", with a public constructor without arguments: " + why;
        return cause == null ? new PipelineException(message) : new PipelineException(message, cause);
    }

    private static List<URL> urls(String classPath) throws IOException, PipelineException {
        List<URL> urls = new ArrayList<>();
        for (String entry : classPath.split(Pattern.quote(File.pathSeparator), -1)) {
            if (entry.endsWith(File.separator + ALL_JARS)) {
                addJars(Path.of(entry.substring(0, entry.length() - 2)), classPath, urls);
            } else if (!entry.isEmpty()) {
                add(Path.of(entry), classPath, urls);
            }
        }
        return urls;
    }

    private static void addJars(Path folder, String classPath, List<URL> urls) throws IOException, PipelineException {
        if (!Files.isDirectory(folder)) {
            throw missing(folder, classPath);
        }
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : jars) {
                add(jar, classPath, urls);
            }
        }
    }

    private static void add(Path entry, String classPath, List<URL> urls)
            throws MalformedURLException, PipelineException {
        if (!Files.isReadable(entry)) {
            throw missing(entry, classPath);
        }
        urls.add(entry.toUri().toURL());
    }

    private static PipelineException missing(Path entry, String classPath) {
        return new PipelineException(
                "setting work.classPath = \"" + classPath + "\" must name jars, folders, or folders with"
                        + " /* for all their jars, with " + File.pathSeparator + " between: " + entry
                        + " is not there or cannot be read");
    }

    /**
     * Makes the work and opens it. The calling thread's context class loader is the work's from now on.
     *
     * @throws PipelineException if it cannot be made or opened, with the cause's own words
     */
    @SuppressWarnings("CatchingUnchecked")
    EventWork open() throws PipelineException {
        Thread.currentThread().setContextClassLoader(loader);
        try {
            EventWork work = constructor.newInstance();
            work.open();
            return work;
        } catch (InvocationTargetException | ExceptionInInitializerError failed) {
            throw cannot(failed.getCause() == null ? failed : failed.getCause());
        } catch (Exception | LinkageError | AssertionError failed) {
            throw cannot(failed);
        }
    }

    private PipelineException cannot(Throwable why) {
        return new PipelineException(
                "setting work.class = \"" + constructor.getDeclaringClass().getName()
                        + "\" cannot be created or opened: " + why,
                why);
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
