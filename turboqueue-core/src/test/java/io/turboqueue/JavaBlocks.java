package io.turboqueue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/**
 * The {@code ```java} blocks of a Markdown text, compiled.
 *
 * <p>A block whose first line of code declares a class or a record is compiled as it is. Every other one is a list of
 * statements that may use {@code Path folder}, {@code Flight flight} and {@code void handle(Flight flight)}. Lines of a
 * source keep the numbers they have in the text, so that messages point there.
 */
final class JavaBlocks implements AutoCloseable {

    private static final String PACKAGE = "readme";
    private static final Pattern FENCE = Pattern.compile("\\s*```\\s*(\\S*).*");
    private static final Pattern DECLARATION = Pattern.compile("(?:class|record)\\s+(\\w+)");
    private static final String IMPORTS = "package " + PACKAGE + "; import io.turboqueue.*; import java.util.*;"
            + " import java.time.*; import java.nio.file.*; ";
    private static final String FLIGHT = "public record Flight(String origin, String destination, int delay) {}";
    private static final String VARIABLES =
            "static Path folder; static Flight flight = new Flight(\"LAX\", \"JFK\", 7);"
                    + " static void handle(Flight flight) {} ";

    private final List<Block> blocks;
    private final URLClassLoader loader;

    /** One block and the line of the text at which its code starts, from 1. */
    record Block(int line, List<String> code) {

        private boolean isImport(int i) {
            return code.get(i).strip().startsWith("import ");
        }

        private String firstLineOfCode() {
            for (int i = 0; i < code.size(); i++) {
                if (!code.get(i).isBlank() && !isImport(i)) {
                    return code.get(i);
                }
            }
            return "";
        }

        boolean isDeclaration() {
            String first = firstLineOfCode();
            return first.contains("class ") || first.contains("record ");
        }

        /** Whether it runs until it is interrupted. */
        boolean isEndless() {
            return code.stream().anyMatch(line -> line.contains("while (true)") || line.contains(".work("));
        }

        String className() {
            Matcher matcher = DECLARATION.matcher(firstLineOfCode());
            return isDeclaration() && matcher.find() ? matcher.group(1) : "Line" + line;
        }

        String source() {
            StringBuilder imports = new StringBuilder(IMPORTS);
            StringBuilder body = new StringBuilder();
            for (int i = 0; i < code.size(); i++) {
                if (isImport(i)) {
                    imports.append(code.get(i).strip()).append(' ');
                    body.append('\n');
                } else {
                    body.append(code.get(i)).append('\n');
                }
            }
            String start = isDeclaration()
                    ? ""
                    : "public final class " + className() + " { " + VARIABLES
                            + "public static void run(Path where) throws Exception { folder = where;";
            String end = isDeclaration() ? "" : "} }";
            return imports + start + "\n".repeat(line - 1) + body + end;
        }
    }

    private JavaBlocks(List<Block> blocks, URL classes) {
        this.blocks = blocks;
        this.loader = new URLClassLoader(new URL[] {classes}, JavaBlocks.class.getClassLoader());
    }

    /** The blocks of a text, in order. */
    static List<Block> find(String markdown) {
        List<Block> blocks = new ArrayList<>();
        List<String> code = null;
        boolean java = false;
        int start = 0;
        int line = 0;
        for (String text : markdown.lines().toList()) {
            line++;
            Matcher fence = FENCE.matcher(text);
            if (!fence.matches()) {
                if (code != null) {
                    code.add(text);
                }
            } else if (code == null) {
                code = new ArrayList<>();
                java = fence.group(1).toLowerCase(Locale.ROOT).equals("java");
                start = line + 1;
            } else {
                if (java) {
                    blocks.add(new Block(start, code));
                }
                code = null;
            }
        }
        if (code != null) {
            throw new AssertionError("the block that starts at line " + start + " has no end");
        }
        return blocks;
    }

    /** Compiles all blocks together, so that each may use the classes of the others. */
    static JavaBlocks compile(String markdown, Path scratch) throws IOException {
        List<Block> blocks = find(markdown);
        Path sources = Files.createDirectories(scratch.resolve("sources"));
        Path classes = Files.createDirectories(scratch.resolve("classes"));
        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none",
                "-implicit:none",
                "-encoding",
                "UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString()));
        for (Block block : blocks) {
            arguments.add(write(sources, block.className(), block.source()));
        }
        if (blocks.stream().noneMatch(block -> block.className().equals("Flight"))) {
            arguments.add(write(sources, "Flight", IMPORTS + FLIGHT));
        }
        StringWriter faults = new StringWriter();
        ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
        try (PrintWriter out = new PrintWriter(faults)) {
            if (javac.run(out, out, arguments.toArray(String[]::new)) != 0) {
                String text = faults.toString().replaceAll("(?m)^\\S*/\\w+\\.java:", "line ");
                throw new AssertionError("the text's Java does not compile:\n" + text);
            }
        }
        return new JavaBlocks(blocks, classes.toUri().toURL());
    }

    private static String write(Path folder, String className, String source) throws IOException {
        return Files.writeString(folder.resolve(className + ".java"), source).toString();
    }

    List<Block> blocks() {
        return blocks;
    }

    /** A class that the text declares. */
    Class<?> declared(String name) throws ClassNotFoundException {
        return loader.loadClass(PACKAGE + "." + name);
    }

    /** Runs a block of statements. */
    void run(Block block, Path folder) throws ReflectiveOperationException {
        Class<?> compiled = loader.loadClass(PACKAGE + "." + block.className());
        compiled.getMethod("run", Path.class).invoke(null, folder);
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
