package dev.towpath.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A picture, element by element. Written by hand because a chart library measures its text with the fonts of the
 * machine, and the picture has to be the same on every one.
 */
final class Svg {
    static final String INK = "#1a1a1a";
    static final String FAINT = "#d9d9d9";

    private final StringBuilder text = new StringBuilder();

    /** A white sheet with a heading. */
    Svg(int width, int height, String title) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"sans-serif\" font-size=\"12\">",
                width, height, width, height);
        add("<title>%s</title>", escape(title));
        add("<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>");
        add("<text x=\"12\" y=\"24\" font-size=\"15\" fill=\"%s\">%s</text>", INK, escape(title));
    }

    /** A point of a line. */
    record Point(double x, double y) {}

    void bar(double x, double y, double width, double height, String colour) {
        add("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>", x, y, width, height, colour);
    }

    void line(double fromX, double fromY, double toX, double toY, String colour) {
        add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>", fromX, fromY, toX, toY, colour);
    }

    /** A line through points, each of them marked. */
    void polyline(List<Point> points, String colour) {
        add(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>",
                points.stream()
                        .map(point -> String.format(Locale.ROOT, "%.1f,%.1f", point.x(), point.y()))
                        .collect(Collectors.joining(" ")),
                colour);
        points.forEach(
                point -> add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", point.x(), point.y(), colour));
    }

    /** @param anchor start, middle or end */
    void label(double x, double y, String anchor, String words) {
        add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>", x, y, anchor, INK, escape(words));
    }

    /** The whole of it. */
    String finish() {
        return text + "</svg>\n";
    }

    private void add(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String escape(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;");
    }
}
