package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages agree with each other and with the code. */
class PagesTest {

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern FENCE = Pattern.compile("(?s)```.*?```");
    private static final Pattern ROW = Pattern.compile("\\| `([a-zA-Z.]+)` \\| `([^`]+)` \\| .* \\| .* \\|");
    private static final int MAX_README_LINES = 250;

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path page : pages()) {
            Matcher link = LINK.matcher(prose(page));
            while (link.find()) {
                links++;
                if (!link.group(1).matches("https?:.*") && !leadsSomewhere(page, link.group(1))) {
                    broken.add(page + ": " + link.group(1));
                }
            }
        }
        assertThat(links).as("links found").isGreaterThan(50);
        assertThat(broken).isEmpty();
    }

    private static boolean leadsSomewhere(Path page, String link) throws IOException {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        return Files.exists(target) && (parts.length == 1 || anchors(target).contains(parts[1]));
    }

    /** As GitHub makes them of headings. */
    private static List<String> anchors(Path page) throws IOException {
        return prose(page)
                .lines()
                .filter(line -> line.matches("#+ .*"))
                .map(line -> line.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    @Test
    void thePageOfSettingsListsEachWithItsDefault() throws IOException {
        List<String> listed = new ArrayList<>();
        Matcher row =
                ROW.matcher(Files.readString(ReadmeSnippetsTest.root().resolve("turboqueue-core/doc/settings.md")));
        while (row.find()) {
            listed.add(row.group(1) + " = " + row.group(2));
        }
        assertThat(listed)
                .containsExactlyElementsOf(Stream.of(Setting.values())
                        .map(setting -> setting.key() + " = " + setting.defaultText())
                        .toList());
    }

    @Test
    void theReadmeIsShort() throws IOException {
        assertThat(Files.readAllLines(ReadmeSnippetsTest.root().resolve("README.md")))
                .hasSizeLessThanOrEqualTo(MAX_README_LINES);
    }

    private static String prose(Path page) throws IOException {
        return FENCE.matcher(Files.readString(page)).replaceAll("");
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(
                ReadmeSnippetsTest.root().resolve("README.md"),
                ReadmeSnippetsTest.root().resolve("CHANGELOG.md")));
        for (String folder : List.of("turboqueue-core/doc", "turboqueue-examples/doc", ".github")) {
            try (Stream<Path> found = Files.list(ReadmeSnippetsTest.root().resolve(folder))) {
                found.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
            }
        }
        return pages;
    }
}
