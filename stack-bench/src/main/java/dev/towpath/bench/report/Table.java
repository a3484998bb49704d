package dev.towpath.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table in Markdown: columns of words, then columns of figures. */
final class Table {
    private final List<String> lines = new ArrayList<>();

    /** @param words how many columns of words there are */
    Table(int words, List<String> headings) {
        row(headings);
        lines.add("|" + "---|".repeat(words) + "---:|".repeat(headings.size() - words));
    }

    void row(List<String> cells) {
        lines.add("| " + String.join(" | ", cells) + " |");
    }

    /** Whether there is anything but headings. */
    boolean isEmpty() {
        return lines.size() == 2;
    }

    /** With an empty line behind it. */
    @Override
    public String toString() {
        return String.join("\n", lines) + "\n\n";
    }

    /** Three digits, or all that are before the point. */
    static String figure(double value) {
        double size = Math.abs(value);
        if (Double.isNaN(value)) {
            return "–"; // JMH has no error where it has measured twice or less
        }
        if (size == 0) {
            return "0";
        }
        String format = size < 0.9995 ? "%.3f" : size < 9.995 ? "%.2f" : size < 99.95 ? "%.1f" : "%,.0f";
        return String.format(Locale.ROOT, format, value);
    }

    /** Bold where a goal was missed, so that it meets the eye. */
    static String judged(String figure, boolean reached) {
        return reached ? figure : "**" + figure + "**";
    }
}
