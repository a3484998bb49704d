package dev.towpath.grid;

import dev.towpath.sim.Link;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * One field of the grid: a network, and a sender in it.
 *
 * @param lossPerMyriad probability of loss in each direction, in hundredths of a percent
 * @param rttMillis round-trip time of the empty network
 * @param queueKilobytes what may wait before the slow link, in 1000 bytes
 * @param buffers of the sockets
 * @param congestion congestion control of the sender
 */
record Cell(int lossPerMyriad, int rttMillis, int queueKilobytes, Buffers buffers, String congestion) {
    /** Rate of the slow link. */
    static final long BITS_PER_SECOND = 100_000_000;

    /** How much is sent in each field. */
    static final long BYTES = 32 << 20;

    private static final Duration LIMIT = Duration.ofHours(24);

    /** The slow link. */
    Link path(Link link) {
        return link.rate(BITS_PER_SECOND)
                .queueBytes(1000L * queueKilobytes)
                .delay(Duration.ofMillis(rttMillis).dividedBy(2))
                .loss(loss());
    }

    double loss() {
        return lossPerMyriad / 10_000.0;
    }

    /** Loss as people write it, such as 0.01 %. */
    String lossText() {
        return BigDecimal.valueOf(lossPerMyriad, 2).stripTrailingZeros().toPlainString() + " %";
    }

    /** Sends {@link #BYTES} and tells what became of them. */
    Result run() {
        return run(1, BYTES);
    }

    /** Sends {@code bytes} and tells what became of them. */
    Result run(long seed, long bytes) {
        try (Bottleneck net = new Bottleneck(seed, 1, this::path)) {
            Flow flow = net.flow(0, congestion, buffers, bytes);
            Duration begin = net.now();
            if (!net.runUntilDone(LIMIT)) {
                throw new AssertionError(this + " has delivered only " + flow.received() + " bytes in " + LIMIT);
            }
            return new Result(
                    this,
                    bytes,
                    net.now().minus(begin).toNanos(),
                    net.sender(0).stack().counters());
        }
    }
}
