package io.turboqueue.examples.bench;

import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.ChartUtils;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.LogarithmicAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.title.TextTitle;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.svg.SVGGraphics2D;
import org.jfree.svg.SVGUtils;

/** Draws groups of figures as bars, each plot as SVG and as PNG. */
final class Plots {

    private static final int WIDTH = 860;
    private static final int BASE_HEIGHT = 130;
    private static final int BAR_HEIGHT = 38;
    private static final double MAX_SPAN = 30;
    private static final int TITLE_POINTS = 16;
    private static final List<Color> COLOURS = List.of(new Color(0x1f77b4), new Color(0xff7f0e));

    private final Path folder;
    private final Report report;

    Plots(Path folder, Report report) {
        this.folder = folder;
        this.report = report;
    }

    /** Draws the groups side by side under one name; those without figures are left out. */
    void draw(String file, String title, List<String> groups) throws IOException {
        DefaultCategoryDataset bars = new DefaultCategoryDataset();
        String unit = "";
        for (String group : groups) {
            for (Figure figure : report.group(group)) {
                bars.addValue(figure.value(), firstWord(group), figure.name());
                unit = figure.unit();
            }
        }
        if (bars.getColumnCount() > 0) {
            save(file, chart(title, unit, bars), BASE_HEIGHT + BAR_HEIGHT * bars.getColumnCount());
        }
    }

    private static String firstWord(String group) {
        int comma = group.indexOf(',');
        return comma < 0 ? group : group.substring(0, comma);
    }

    private static JFreeChart chart(String title, String unit, DefaultCategoryDataset bars) {
        JFreeChart chart = ChartFactory.createBarChart(
                title, null, unit, bars, PlotOrientation.HORIZONTAL, bars.getRowCount() > 1, false, false);
        chart.setTitle(new TextTitle(title, new Font(Font.SANS_SERIF, Font.BOLD, TITLE_POINTS)));
        CategoryPlot plot = chart.getCategoryPlot();
        plot.setBackgroundPaint(Color.WHITE);
        plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
        plot.setRangeAxisLocation(AxisLocation.BOTTOM_OR_LEFT);
        plot.setRangeAxis(spans(bars) > MAX_SPAN ? logarithmic(unit, bars) : linear(unit, bars));
        BarRenderer renderer = (BarRenderer) plot.getRenderer();
        renderer.setBarPainter(new StandardBarPainter());
        renderer.setShadowVisible(false);
        renderer.setItemMargin(0.05);
        renderer.setDefaultItemLabelGenerator(
                new StandardCategoryItemLabelGenerator("{2}", NumberFormat.getIntegerInstance(Locale.ROOT)));
        renderer.setDefaultItemLabelsVisible(true);
        for (int row = 0; row < bars.getRowCount(); row++) {
            renderer.setSeriesPaint(row, COLOURS.get(row % COLOURS.size()));
        }
        return chart;
    }

    private static NumberAxis linear(String unit, DefaultCategoryDataset bars) {
        NumberAxis axis = new NumberAxis(unit);
        axis.setRange(0, largest(bars) * 1.2); // room for the numbers beside the bars
        return axis;
    }

    private static LogarithmicAxis logarithmic(String unit, DefaultCategoryDataset bars) {
        LogarithmicAxis axis = new LogarithmicAxis(unit + ", logarithmic");
        axis.setRange(Math.pow(10, Math.floor(Math.log10(smallest(bars)))), largest(bars) * 10);
        axis.setNumberFormatOverride(NumberFormat.getIntegerInstance(Locale.ROOT));
        return axis;
    }

    private static double spans(DefaultCategoryDataset bars) {
        return largest(bars) / smallest(bars);
    }

    private static double largest(DefaultCategoryDataset bars) {
        double largest = 0;
        for (int row = 0; row < bars.getRowCount(); row++) {
            for (int column = 0; column < bars.getColumnCount(); column++) {
                Number value = bars.getValue(row, column);
                largest = value == null ? largest : Math.max(largest, value.doubleValue());
            }
        }
        return largest;
    }

    private static double smallest(DefaultCategoryDataset bars) {
        double smallest = Double.MAX_VALUE;
        for (int row = 0; row < bars.getRowCount(); row++) {
            for (int column = 0; column < bars.getColumnCount(); column++) {
                Number value = bars.getValue(row, column);
                smallest = value == null ? smallest : Math.min(smallest, value.doubleValue());
            }
        }
        return Math.max(smallest, Double.MIN_NORMAL);
    }

    private void save(String file, JFreeChart chart, int height) throws IOException {
        Files.createDirectories(folder);
        ChartUtils.saveChartAsPNG(folder.resolve(file + ".png").toFile(), chart, WIDTH, height);
        SVGGraphics2D svg = new SVGGraphics2D(WIDTH, height);
        chart.draw(svg, new Rectangle2D.Double(0, 0, WIDTH, height));
        SVGUtils.writeToSVG(folder.resolve(file + ".svg").toFile(), svg.getSVGElement());
    }
}
