package dev.towpath.bench.report;

import java.util.ArrayList;
import java.util.List;

/** Groups of bars, the same colours in each, with a whisker from the least to the most. */
final class BarChart {
    private static final int LEFT = 70;
    private static final int TOP = 74;
    private static final int PLOT_HEIGHT = 270;
    private static final int BAR = 24;
    private static final int GAP = 30;
    private static final String[] COLOURS = {"#a6a6a6", "#fdae61", "#084594"};

    private final String title;
    private final String yName;
    private final List<String> series;
    private final List<Group> groups = new ArrayList<>();

    /** One value with its spread. */
    record Bar(double value, double least, double most) {
        /** What has no value has no bar. */
        static final Bar NONE = new Bar(0, 0, 0);
    }

    /** A value for each of the series. */
    private record Group(String name, String below, List<Bar> bars) {}

    BarChart(String title, String yName, List<String> series) {
        this.title = title;
        this.yName = yName;
        this.series = List.copyOf(series);
    }

    /** @param below a second line under the name */
    void add(String name, String below, List<Bar> bars) {
        groups.add(new Group(name, below, List.copyOf(bars)));
    }

    String svg() {
        int groupWidth = series.size() * BAR + GAP;
        int width = Math.max(LEFT + groups.size() * groupWidth + 20, 480);
        Svg svg = new Svg(width, TOP + PLOT_HEIGHT + 56, title);
        Axis y = Axis.linear(groups.stream()
                .flatMap(group -> group.bars().stream())
                .mapToDouble(Bar::most)
                .max()
                .orElse(1));
        for (double mark : y.marks()) {
            double at = at(y, mark);
            svg.line(LEFT, at, width - 20, at, Svg.FAINT);
            svg.label(LEFT - 8, at + 4, "end", Axis.word(mark));
        }
        svg.label(LEFT, TOP - 10, "start", yName);
        for (int i = 0; i < series.size(); i++) {
            svg.bar(LEFT + 90 + i * 100, 36, 12, 8, COLOURS[i % COLOURS.length]);
            svg.label(LEFT + 108 + i * 100, 44, "start", series.get(i));
        }
        for (int i = 0; i < groups.size(); i++) {
            group(svg, y, LEFT + GAP / 2.0 + i * groupWidth, groups.get(i));
        }
        return svg.finish();
    }

    private void group(Svg svg, Axis y, double left, Group group) {
        for (int i = 0; i < group.bars().size(); i++) {
            Bar bar = group.bars().get(i);
            if (bar.most() > 0) {
                double x = left + i * BAR;
                svg.bar(
                        x,
                        at(y, bar.value()),
                        BAR - 3,
                        TOP + PLOT_HEIGHT - at(y, bar.value()),
                        COLOURS[i % COLOURS.length]);
                svg.line(x + BAR / 2.0 - 1, at(y, bar.least()), x + BAR / 2.0 - 1, at(y, bar.most()), Svg.INK);
            }
        }
        double middle = left + series.size() * BAR / 2.0;
        svg.label(middle, TOP + PLOT_HEIGHT + 18, "middle", group.name());
        svg.label(middle, TOP + PLOT_HEIGHT + 34, "middle", group.below());
    }

    private static double at(Axis y, double value) {
        return TOP + PLOT_HEIGHT * (1 - y.share(value));
    }
}
