package dev.towpath.grid;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All fields and what came of them. Each is a simulation of its own, so they run side by side. */
final class Grid {
    static final List<String> CONGESTION = List.of("cubic", "reno");
    static final List<Integer> LOSS_PER_MYRIAD = List.of(0, 1, 10, 100, 500);
    static final List<Integer> RTT_MILLIS = List.of(1, 20, 100, 300);
    /** Queues before the slow link for which there is no loss but theirs. */
    static final List<Integer> QUEUE_KILOBYTES = List.of(25, 250, 2500);

    /** The queue where loss is what varies: what the slow link sends in 20 ms. */
    static final int QUEUE = 250;

    /** Before it has run. */
    static final Grid NONE = new Grid(Map.of());

    private final Map<Cell, Result> results;

    private Grid(Map<Cell, Result> results) {
        this.results = results;
    }

    /** Runs all of it. */
    static Grid run() {
        List<Result> done = cells().parallelStream().unordered().map(Cell::run).toList();
        Map<Cell, Result> results = new LinkedHashMap<>();
        cells().forEach(cell -> done.stream()
                .filter(result -> result.cell().equals(cell))
                .forEach(result -> results.put(cell, result)));
        return new Grid(results);
    }

    private static List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (String congestion : CONGESTION) {
            for (int rtt : RTT_MILLIS) {
                for (Buffers buffers : Buffers.values()) {
                    LOSS_PER_MYRIAD.forEach(loss -> cells.add(new Cell(loss, rtt, QUEUE, buffers, congestion)));
                }
                QUEUE_KILOBYTES.stream()
                        .filter(queue -> queue != QUEUE)
                        .forEach(queue -> cells.add(new Cell(0, rtt, queue, Buffers.AUTOTUNED, congestion)));
            }
        }
        return cells;
    }

    /** What came of one field. */
    Result result(Cell cell) {
        Result result = results.get(cell);
        if (result == null) {
            throw new IllegalArgumentException(cell + " is not in the grid");
        }
        return result;
    }

    /** In the order in which the fields are listed. */
    List<Result> results() {
        return List.copyOf(results.values());
    }
}
