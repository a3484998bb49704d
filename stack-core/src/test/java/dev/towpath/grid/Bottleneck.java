package dev.towpath.grid;

import dev.towpath.sim.Direction;
import dev.towpath.sim.Host;
import dev.towpath.sim.Lan;
import dev.towpath.sim.Link;
import dev.towpath.sim.Network;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * Senders, each a host of its own, that share one slow link to a receiver. What the link is not told to drop arrives:
 * its queue is counted in bytes alone, and the cables of the senders take whatever they are given.
 *
 * <pre>
 *   sender 0 ---+
 *   sender 1 ---+--- lan ======= receiver
 *      ...  ----+        rate, queue, delay, loss
 * </pre>
 */
final class Bottleneck implements AutoCloseable {
    private static final int FIRST_PORT = 5000;

    private final Network net;
    private final Host receiver;
    private final Direction forward;
    private final List<Host> senders = new ArrayList<>();
    private final List<Flow> flows = new ArrayList<>();

    /** A bottleneck for so many senders; {@code path} says what the slow link is like. */
    Bottleneck(long seed, int senderCount, UnaryOperator<Link> path) {
        net = Network.withSeed(seed);
        Lan lan = net.lan("lan");
        receiver = net.host("receiver");
        forward = net.connect(lan, receiver, path.andThen(link -> link.queueFrames(Integer.MAX_VALUE))::apply)
                .from(lan);
        for (int i = 0; i < senderCount; i++) {
            Host sender = net.host("sender-" + i);
            Link cable = net.connect(sender, lan).queueFrames(Integer.MAX_VALUE);
            assert cable.mtu() > 0;
            senders.add(sender);
        }
    }

    /** The slow link in the direction of data. */
    Direction forward() {
        return forward;
    }

    Host sender(int index) {
        return senders.get(index);
    }

    /** Opens a connection from a sender and lets it send {@code bytes}. */
    Flow flow(int sender, String congestion, Buffers buffers, long bytes) {
        Flow flow = new Flow(senders.get(sender), receiver, FIRST_PORT + flows.size(), congestion, buffers, bytes);
        flows.add(flow);
        return flow;
    }

    /** Lets time pass. */
    void run(Duration time) {
        boolean never = runUntil(() -> false, time);
        assert !never;
    }

    /** Lets time pass until all flows have delivered their bytes; false if they have not within {@code limit}. */
    boolean runUntilDone(Duration limit) {
        return runUntil(() -> flows.stream().allMatch(Flow::done), limit);
    }

    private boolean runUntil(BooleanSupplier condition, Duration limit) {
        return net.runUntil(
                () -> {
                    flows.forEach(Flow::pump);
                    return condition.getAsBoolean();
                },
                limit);
    }

    /** Time since the beginning. */
    Duration now() {
        return net.now();
    }

    @Override
    public void close() {
        net.close();
    }
}
