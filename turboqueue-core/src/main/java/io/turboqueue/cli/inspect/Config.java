package io.turboqueue.cli.inspect;

import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.Format;
import io.turboqueue.cli.support.Verb;
import io.turboqueue.cli.text.Column;
import io.turboqueue.cli.text.Column.Style;
import io.turboqueue.cli.text.Table;
import io.turboqueue.config.Setting;
import io.turboqueue.config.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Settings in force. */
@Command(
        name = "config",
        header = "Shows a queue's settings and their origins.",
        description =
                "Shows the settings of a queue as a process started from here would have them; those in its code win.",
        footer = {"  turboqueue config flights --show-origin"})
public final class Config extends Verb {

    @Parameters(paramLabel = "QUEUE", description = "The queue; it need not exist.")
    private String name = "";

    @Option(names = "--show-origin", description = "Also show where each value was set.")
    private boolean showOrigin;

    @Mixin
    private Format format = new Format();

    @Override
    protected Exit run() throws Exception {
        Settings settings = settings(queueName(name));
        settings.warnings().forEach(this::note);
        List<Column<Setting>> columns = new ArrayList<>();
        columns.add(new Column<>("SETTING", "setting", Style.TEXT, Setting::key));
        columns.add(new Column<>("VALUE", "value", Style.TEXT, settings::text));
        if (showOrigin) {
            columns.add(new Column<>("ORIGIN", "origin", Style.TEXT, setting -> settings.resolved(setting)
                    .origin()));
        }
        print(new Table<>(columns), "settings", Arrays.asList(Setting.values()), format);
        return Exit.OK;
    }
}
