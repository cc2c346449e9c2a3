package io.turboqueue.examples.bench;

import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.ChartUtils;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogarithmicAxis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.svg.SVGGraphics2D;
import org.jfree.svg.SVGUtils;

/** Draws groups of figures as bars, each plot as SVG and as PNG. */
final class Plots {

    private static final int WIDTH = 860;
    private static final int BASE_HEIGHT = 130;
    private static final int BAR_HEIGHT = 38;
    private static final double LARGEST_SPAN = 30;

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
                bars.addValue(figure.median(), group, figure.name());
                unit = figure.unit();
            }
        }
        if (bars.getColumnCount() > 0) {
            save(file, chart(title, unit, bars), BASE_HEIGHT + BAR_HEIGHT * bars.getColumnCount());
        }
    }

    private static JFreeChart chart(String title, String unit, DefaultCategoryDataset bars) {
        JFreeChart chart =
                ChartFactory.createBarChart(title, null, unit, bars, PlotOrientation.HORIZONTAL, true, false, false);
        CategoryPlot plot = chart.getCategoryPlot();
        BarRenderer renderer = (BarRenderer) plot.getRenderer();
        renderer.setBarPainter(new StandardBarPainter());
        renderer.setShadowVisible(false);
        renderer.setItemMargin(0.05);
        if (spans(bars) > LARGEST_SPAN) {
            plot.setRangeAxis(logarithmic(unit, bars));
        }
        return chart;
    }

    private static LogarithmicAxis logarithmic(String unit, DefaultCategoryDataset bars) {
        LogarithmicAxis axis = new LogarithmicAxis(unit + ", logarithmic");
        axis.setLowerBound(Math.pow(10, Math.floor(Math.log10(smallest(bars)))));
        return axis;
    }

    private static double spans(DefaultCategoryDataset bars) {
        double largest = 0;
        for (int row = 0; row < bars.getRowCount(); row++) {
            for (int column = 0; column < bars.getColumnCount(); column++) {
                Number value = bars.getValue(row, column);
                largest = value == null ? largest : Math.max(largest, value.doubleValue());
            }
        }
        return largest / smallest(bars);
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
