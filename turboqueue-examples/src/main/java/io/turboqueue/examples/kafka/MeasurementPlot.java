package io.turboqueue.examples.kafka;

import io.turboqueue.examples.kafka.Measurement.Contestant;
import io.turboqueue.examples.kafka.Measurement.Figure;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.text.NumberFormat;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.data.category.DefaultCategoryDataset;

/** Draws the figures: a chart for each cost of an event, a group of bars for each number of workers. */
final class MeasurementPlot {

    private static final int WIDTH = 420;
    private static final int HEIGHT = 320;
    private static final double ROOM_FOR_NUMBERS = 0.15;
    private static final long HEAVY = 100;
    private static final List<Color> COLOURS = List.of(new Color(0x1f77b4), new Color(0xff7f0e), new Color(0x7f7f7f));

    private MeasurementPlot() {}

    /** Those of the most partitions there are. */
    static void draw(List<Figure> all, Path file) throws IOException {
        int partitions = all.stream()
                .mapToInt(figure -> figure.load().partitions())
                .max()
                .orElse(0);
        List<Figure> figures = all.stream()
                .filter(figure -> figure.load().partitions() == partitions)
                .sorted(Comparator.comparingInt(Figure::workers))
                .toList();
        List<Long> costs = figures.stream()
                .map(figure -> figure.load().cpuMicros())
                .distinct()
                .sorted()
                .toList();
        BufferedImage image = new BufferedImage(WIDTH * costs.size(), HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        for (int i = 0; i < costs.size(); i++) {
            graphics.drawImage(chart(figures, costs.get(i)).createBufferedImage(WIDTH, HEIGHT), WIDTH * i, 0, null);
        }
        graphics.dispose();
        if (!ImageIO.write(image, "png", file.toFile())) {
            throw new IOException("this JVM cannot write PNG");
        }
    }

    private static JFreeChart chart(List<Figure> figures, long cost) {
        DefaultCategoryDataset bars = new DefaultCategoryDataset();
        for (Contestant contestant : Contestant.values()) {
            figures.stream()
                    .filter(figure ->
                            figure.contestant() == contestant && figure.load().cpuMicros() == cost)
                    .forEach(figure ->
                            bars.addValue(figure.perSecond() / 1000, contestant.title(), figure.workers() + ""));
        }
        JFreeChart chart = ChartFactory.createBarChart(
                cost + " us an event",
                "workers",
                "thousand events/s",
                bars,
                PlotOrientation.VERTICAL,
                true,
                false,
                false);
        CategoryPlot plot = chart.getCategoryPlot();
        plot.setBackgroundPaint(Color.WHITE);
        plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
        BarRenderer renderer = (BarRenderer) plot.getRenderer();
        renderer.setBarPainter(new StandardBarPainter());
        renderer.setShadowVisible(false);
        plot.getRangeAxis().setUpperMargin(ROOM_FOR_NUMBERS);
        NumberFormat numbers = NumberFormat.getInstance(Locale.ROOT);
        numbers.setMaximumFractionDigits(cost >= HEAVY ? 1 : 0);
        renderer.setDefaultItemLabelGenerator(new StandardCategoryItemLabelGenerator("{2}", numbers));
        renderer.setDefaultItemLabelsVisible(true);
        for (int row = 0; row < bars.getRowCount(); row++) {
            renderer.setSeriesPaint(row, COLOURS.get(row % COLOURS.size()));
        }
        return chart;
    }
}
