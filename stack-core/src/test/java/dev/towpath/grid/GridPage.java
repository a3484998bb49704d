package dev.towpath.grid;

import dev.towpath.mib.Counter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The grid as a page for people and as comma-separated values for programs. */
final class GridPage {
    static final String COMMAND = "mvn -q -pl stack-core test -Dtest=GoodputGridTest -Dtowpath.rewrite=true";

    private final Grid grid;
    private final StringBuilder text = new StringBuilder();

    GridPage(Grid grid) {
        this.grid = grid;
    }

    /** The page, in Markdown. */
    String markdown() {
        text.append("""
                # Goodput

                One flow sends %d MiB over a link of 100 Mbit/s, in virtual time: what the application at the other end gets, in
                Mbit/s. Each field is a network of its own. A frame is lost with the given probability in each direction; the queue
                before the link holds %d kB, what it sends in 20 ms, so that slow start on an empty path loses too. 95.6 Mbit/s is
                all that headers leave of the link.

                ![Goodput in the whole grid](grid.svg)

                Written by a test that compares this page, the picture and [grid.csv](grid.csv), which counts retransmissions and
                time-outs too, with a new run, to the last digit. A change of TCP that moves a number has to write them anew:

                    %s

                """.formatted(Cell.BYTES >> 20, Grid.QUEUE, COMMAND));
        for (String congestion : Grid.CONGESTION) {
            for (Buffers buffers : Buffers.values()) {
                text.append("## ").append(title(congestion, buffers)).append("\n\n");
                table(congestion, buffers, cell -> grid.result(cell).megabitsPerSecond());
            }
        }
        expectation();
        queues();
        goals();
        return text.toString();
    }

    /** Over a table or a panel of the picture. */
    static String title(String congestion, Buffers buffers) {
        return name(congestion) + ", buffers " + buffers.label();
    }

    private static String name(String congestion) {
        return congestion.equals("cubic") ? "CUBIC" : "Reno";
    }

    private void table(String congestion, Buffers buffers, Function<Cell, Double> rate) {
        header("loss");
        for (int loss : Grid.LOSS_PER_MYRIAD) {
            row(
                    new Cell(loss, 0, Grid.QUEUE, buffers, congestion).lossText(),
                    Grid.RTT_MILLIS.stream()
                            .map(rtt -> rate.apply(new Cell(loss, rtt, Grid.QUEUE, buffers, congestion)))
                            .toList());
        }
        text.append('\n');
    }

    private void expectation() {
        text.append("""
                ## What to expect

                A flow without end over a path that loses every 1/p-th segment gets this much (the response functions of RFC 9438
                sections 4.3 and 5, and what the link leaves). Here loss is random, the flow ends, and begins with slow start:

                """);
        for (String congestion : Grid.CONGESTION) {
            text.append("### ").append(name(congestion)).append("\n\n");
            table(congestion, Buffers.AUTOTUNED, ResponseFunction::of);
        }
    }

    private void queues() {
        text.append("""
                ## The queue before the link

                No loss but that of a full queue, which holds 25, 250 or 2500 kB: what the link sends in 2, 20 and 200 ms. Buffers
                are autotuned.

                """);
        for (String congestion : Grid.CONGESTION) {
            text.append("### ").append(name(congestion)).append("\n\n");
            header("queue");
            for (int queue : Grid.QUEUE_KILOBYTES) {
                row(
                        queue + " kB",
                        Grid.RTT_MILLIS.stream()
                                .map(rtt -> grid.result(new Cell(0, rtt, queue, Buffers.AUTOTUNED, congestion))
                                        .megabitsPerSecond())
                                .toList());
            }
            text.append('\n');
        }
    }

    private void goals() {
        text.append("""
                ## What must hold

                `GoodputGoalsTest` says so, whatever the numbers above are:

                - Random loss of up to 1 % in each direction causes CUBIC no time-out in 100 MB, at any of these round-trip times;
                  nor Reno up to 100 ms. At 300 ms Reno has had up to three in 100 MB: in recovery it is silent for half a
                  round trip, the RTO is 1.7 round trips, and an ACK or a retransmission is lost just then.
                - At 100 ms and 1 % CUBIC gets at least what its response function says.
                - Lost tails, and segments lost two and three times over, are repaired without a time-out.
                - Two flows share a bottleneck so that each has 45 to 55 % of it, whichever came first.
                - Reordering by less than a quarter of the round trip costs less than 5 %.
                """);
    }

    private void header(String what) {
        text.append("| ").append(what).append(" |");
        Grid.RTT_MILLIS.forEach(rtt -> text.append(' ').append(rtt).append(" ms |"));
        text.append("\n|---|").append("---:|".repeat(Grid.RTT_MILLIS.size())).append('\n');
    }

    private void row(String name, List<Double> rates) {
        text.append("| ").append(name).append(" |");
        rates.forEach(rate -> text.append(' ').append(rate(rate)).append(" |"));
        text.append('\n');
    }

    /** Three digits. */
    static String rate(double megabitsPerSecond) {
        return String.format(Locale.ROOT, megabitsPerSecond < 9.995 ? "%.2f" : "%.1f", megabitsPerSecond);
    }

    /** All numbers, a line a field. */
    String csv() {
        StringBuilder csv = new StringBuilder("congestion,buffers,queue_kB,rtt_ms,loss_percent,seconds,goodput_Mbit_s,"
                + "expected_Mbit_s,retransmitted,recoveries,probes,timeouts\n");
        for (Result result : grid.results()) {
            Cell cell = result.cell();
            csv.append(String.format(
                    Locale.ROOT,
                    "%s,%s,%d,%d,%s,%.6f,%.3f,%.3f,%d,%d,%d,%d%n".replace("%n", "\n"),
                    cell.congestion(),
                    cell.buffers().label(),
                    cell.queueKilobytes(),
                    cell.rttMillis(),
                    cell.lossText().replace(" %", ""),
                    result.seconds(),
                    result.megabitsPerSecond(),
                    ResponseFunction.of(cell),
                    result.count(Counter.TCP_RETRANS_SEGS),
                    result.count(Counter.TCP_EXT_TCP_SACK_RECOVERY),
                    result.count(Counter.TCP_EXT_TCP_LOSS_PROBES),
                    result.count(Counter.TCP_EXT_TCP_TIMEOUTS)));
        }
        return csv.toString();
    }
}
