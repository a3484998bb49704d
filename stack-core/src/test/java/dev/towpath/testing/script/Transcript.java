package dev.towpath.testing.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** All that happened in a script, in tcpdump's manner, for the message of a failure. */
final class Transcript {
    private static final int SHOWN = 60;

    private final List<String> lines = new ArrayList<>();

    void add(long elapsedNanos, String who, String what) {
        lines.add(String.format(Locale.ROOT, "%12.6f  %-14s %s", elapsedNanos / 1e9, who, what));
    }

    /** A failure at this point of the exchange. */
    AssertionError failure(String message) {
        return new AssertionError(render(message));
    }

    AssertionError failure(String message, Throwable cause) {
        return new AssertionError(render(message), cause);
    }

    private String render(String message) {
        StringBuilder text = new StringBuilder(message).append("\n\nthe exchange:\n");
        int from = Math.max(0, lines.size() - SHOWN);
        if (from > 0) {
            text.append("  (").append(from).append(" lines before)\n");
        }
        lines.subList(from, lines.size()).forEach(line -> text.append(line).append('\n'));
        return text.append(">>> ").append(message).append('\n').toString();
    }
}
