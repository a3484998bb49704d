package dev.towpath.cli.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** One line that fills up, on a terminal; nothing but its last state elsewhere. */
final class ProgressBar {
    private static final int WIDTH = 40;

    private final PrintWriter out;
    private final String label;
    private final boolean terminal = isTerminal();
    private final long began = System.nanoTime();

    ProgressBar(PrintWriter out, String label) {
        this.out = out;
        this.label = label;
    }

    /** {@code done} of {@code all} bytes have arrived. */
    void show(long done, long all) {
        if (terminal) {
            out.print("\r" + line(done, all, System.nanoTime() - began));
            out.flush();
        }
    }

    /** All bytes have arrived. */
    void done(long all, long nanos) {
        out.println((terminal ? "\r" : "") + line(all, all, nanos));
    }

    /** Bytes a second, for people. */
    static String rate(long bytes, long nanos) {
        return String.format(Locale.ROOT, "%.2f Gbit/s", bytes * 8.0 / Math.max(1, nanos));
    }

    private String line(long done, long all, long nanos) {
        int filled = (int) (WIDTH * done / Math.max(1, all));
        return String.format(
                Locale.ROOT,
                "  %-32s [%s%s] %3d %% %8.1f MB %s  ",
                label,
                "#".repeat(filled),
                ".".repeat(WIDTH - filled),
                100 * done / Math.max(1, all),
                done / 1e6,
                rate(done, nanos));
    }

    private static boolean isTerminal() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString().matches("/dev/(pts/|tty|console).*");
        } catch (IOException e) {
            return false;
        }
    }
}
