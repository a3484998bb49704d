package dev.towpath.bench.report;

import dev.towpath.bench.report.Svg.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lines over an axis whose marks are given, a colour for each. */
final class LineChart {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 400;
    private static final int LEFT = 70;
    private static final int TOP = 74;
    private static final int PLOT_WIDTH = WIDTH - LEFT - 30;
    private static final int PLOT_HEIGHT = HEIGHT - TOP - 60;
    private static final String[] COLOURS = {"#4d4d4d", "#b35806", "#084594", "#a6a6a6", "#fdae61", "#4292c6"};

    private final String title;
    private final String xName;
    private final String yName;
    private final Map<Double, String> xMarks;
    private final boolean logarithmic;
    private final List<Series> series = new ArrayList<>();

    /** A line's name and its points. */
    private record Series(String name, List<Point> points) {}

    /** @param xMarks where to mark the x axis, from its beginning to its end, and with which words */
    LineChart(String title, String xName, Map<Double, String> xMarks, String yName, boolean logarithmic) {
        this.title = title;
        this.xName = xName;
        this.xMarks = xMarks;
        this.yName = yName;
        this.logarithmic = logarithmic;
    }

    void add(String name, List<Point> points) {
        if (!points.isEmpty()) {
            series.add(new Series(name, points));
        }
    }

    String svg() {
        Svg svg = new Svg(WIDTH, HEIGHT, title);
        double least = all(true);
        double most = all(false);
        Axis y = logarithmic ? Axis.logarithmic(least, most) : Axis.linear(most);
        for (double mark : y.marks()) {
            double at = TOP + PLOT_HEIGHT * (1 - y.share(mark));
            svg.line(LEFT, at, LEFT + PLOT_WIDTH, at, Svg.FAINT);
            svg.label(LEFT - 8, at + 4, "end", Axis.word(mark));
        }
        xMarks.forEach((value, word) -> {
            svg.line(x(value), TOP, x(value), TOP + PLOT_HEIGHT, Svg.FAINT);
            svg.label(x(value), TOP + PLOT_HEIGHT + 18, "middle", word);
        });
        svg.label(LEFT + PLOT_WIDTH / 2.0, HEIGHT - 14, "middle", xName);
        svg.label(LEFT, TOP - 10, "start", yName);
        for (int i = 0; i < series.size(); i++) {
            String colour = COLOURS[i % COLOURS.length];
            svg.polyline(
                    series.get(i).points().stream()
                            .map(point -> new Point(x(point.x()), TOP + PLOT_HEIGHT * (1 - y.share(point.y()))))
                            .toList(),
                    colour);
            int column = i % 3;
            int row = i / 3;
            svg.bar(LEFT + 130 + column * 180, 36 + row * 16, 12, 8, colour);
            svg.label(
                    LEFT + 148 + column * 180,
                    44 + row * 16,
                    "start",
                    series.get(i).name());
        }
        return svg.finish();
    }

    private double x(double value) {
        double first =
                xMarks.keySet().stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double last =
                xMarks.keySet().stream().mapToDouble(Double::doubleValue).max().orElse(1);
        return LEFT + PLOT_WIDTH * (value - first) / Math.max(last - first, Double.MIN_NORMAL);
    }

    private double all(boolean least) {
        double[] values = series.stream()
                .flatMap(each -> each.points().stream())
                .mapToDouble(Point::y)
                .sorted()
                .toArray();
        if (values.length == 0) {
            return 1;
        }
        return values[least ? 0 : values.length - 1];
    }
}
