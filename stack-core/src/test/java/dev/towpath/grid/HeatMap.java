package dev.towpath.grid;

import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/**
 * The grid as a picture: a panel for each congestion control and buffer, loss downwards, round-trip time to the right,
 * the darker the more of the link is used. Written by hand because a chart library measures its text with the fonts of
 * the machine, and the picture has to be the same on every one.
 */
final class HeatMap {
    private static final int CELL_WIDTH = 62;
    private static final int CELL_HEIGHT = 30;
    private static final int LEFT = 70;
    private static final int TOP = 64;
    private static final int GAP_X = 26;
    private static final int GAP_Y = 62;
    private static final int PANEL_WIDTH = CELL_WIDTH * Grid.RTT_MILLIS.size();
    private static final int PANEL_HEIGHT = CELL_HEIGHT * Grid.LOSS_PER_MYRIAD.size();

    /** From nothing to the whole link: light to dark blue, red, green and blue. */
    private static final int[] LIGHT = {0xf2, 0xf7, 0xfc};

    private static final int[] DARK = {0x08, 0x45, 0x94};

    private final Grid grid;
    private final StringBuilder svg = new StringBuilder();

    HeatMap(Grid grid) {
        this.grid = grid;
    }

    /** The picture. */
    String text() {
        int columns = Buffers.values().length;
        int rows = Grid.CONGESTION.size();
        int width = LEFT + columns * PANEL_WIDTH + (columns - 1) * GAP_X + 20;
        int height = TOP + rows * PANEL_HEIGHT + (rows - 1) * GAP_Y + 56;
        line(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"sans-serif\" font-size=\"12\">",
                width, height, width, height);
        line("<title>Goodput in Mbit/s of one TCP flow over a link of 100 Mbit/s</title>");
        line("<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>");
        label(LEFT, 22, "start", 15, "Goodput in Mbit/s of one flow over a link of 100 Mbit/s");
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                panel(
                        LEFT + column * (PANEL_WIDTH + GAP_X),
                        TOP + row * (PANEL_HEIGHT + GAP_Y),
                        Grid.CONGESTION.get(row),
                        Buffers.values()[column],
                        column == 0);
            }
        }
        label(
                LEFT,
                height - 12,
                "start",
                12,
                "Down: loss in each direction. Right: round-trip time of the empty network.");
        line("</svg>");
        return svg.toString();
    }

    private void panel(int x, int y, String congestion, Buffers buffers, boolean first) {
        label(x, y - 10, "start", 13, GridPage.title(congestion, buffers));
        axis(Grid.RTT_MILLIS, i -> x + i * CELL_WIDTH + CELL_WIDTH / 2, i -> y + PANEL_HEIGHT + 16, "middle", " ms");
        for (int row = 0; row < Grid.LOSS_PER_MYRIAD.size(); row++) {
            int loss = Grid.LOSS_PER_MYRIAD.get(row);
            for (int column = 0; column < Grid.RTT_MILLIS.size(); column++) {
                Cell cell = new Cell(loss, Grid.RTT_MILLIS.get(column), Grid.QUEUE, buffers, congestion);
                field(x + column * CELL_WIDTH, y + row * CELL_HEIGHT, grid.result(cell));
                if (first && column == 0) {
                    label(x - 8, y + row * CELL_HEIGHT + 20, "end", 12, cell.lossText());
                }
            }
        }
    }

    private void axis(
            List<Integer> values, IntFunction<Integer> x, IntFunction<Integer> y, String anchor, String unit) {
        for (int i = 0; i < values.size(); i++) {
            label(x.apply(i), y.apply(i), anchor, 12, values.get(i) + unit);
        }
    }

    private void field(int x, int y, Result result) {
        double share = Math.min(1, result.megabitsPerSecond() * 1e6 / Cell.BITS_PER_SECOND);
        line(
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\" stroke=\"#ffffff\"/>",
                x, y, CELL_WIDTH, CELL_HEIGHT, colour(share));
        line(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" fill=\"%s\">%s</text>",
                x + CELL_WIDTH / 2,
                y + 20,
                share > 0.45 ? "#ffffff" : "#1a1a1a",
                GridPage.rate(result.megabitsPerSecond()));
    }

    /** By the square root of the share, for most fields use little of the link. */
    private static String colour(double share) {
        double way = Math.sqrt(share);
        int colour = 0;
        for (int i = 0; i < LIGHT.length; i++) {
            colour = colour << 8 | (int) Math.round(LIGHT[i] + way * (DARK[i] - LIGHT[i]));
        }
        return String.format(Locale.ROOT, "#%06x", colour);
    }

    private void label(int x, int y, String anchor, int size, String text) {
        line(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" font-size=\"%d\" fill=\"#1a1a1a\">%s</text>",
                x, y, anchor, size, text);
    }

    private void line(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
