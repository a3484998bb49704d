package dev.towpath.grid;

/**
 * What a long flow should get of a path that loses every {@code 1 / p}-th segment (RFC 9438 section 5), in Mbit/s. The
 * RFC's windows count segments:
 *
 * <pre>
 *   CUBIC          ((C (3 + β)) / (4 (1 - β)))^(1/4) · RTT^(3/4) / p^(3/4)       with C = 0.4, β = 0.7
 *   Reno-friendly  sqrt(α (1 + β) / (2 (1 - β) p))                               with α = 3 (1 - β) / (1 + β)
 *   Reno           the same with α = 1, β = 0.5
 * </pre>
 *
 * CUBIC has the larger of its two (section 4.3), whose second is Reno's: {@code sqrt(3 / (2 p))} whatever β is.
 */
final class ResponseFunction {
    /** Payload of a segment: 1500 bytes less 40 of headers and 12 of timestamps. */
    private static final int MSS = 1448;

    /** Frame of a segment. */
    private static final int FRAME = 1514;

    private static final double C = 0.4;
    private static final double BETA = 0.7;
    private static final double MEGA = 1e6;

    private ResponseFunction() {}

    static double cubic(double p, double rttSeconds) {
        double factor = StrictMath.pow(C * (3 + BETA) / (4 * (1 - BETA)), 0.25);
        double window = factor * StrictMath.pow(rttSeconds / p, 0.75);
        return rate(Math.max(window, renoWindow(p)), rttSeconds);
    }

    static double reno(double p, double rttSeconds) {
        return rate(renoWindow(p), rttSeconds);
    }

    private static double renoWindow(double p) {
        return Math.sqrt(1.5 / p);
    }

    private static double rate(double window, double rttSeconds) {
        return window * MSS * 8 / rttSeconds / MEGA;
    }

    /** What the link and the buffers allow at most. */
    static double limit(Cell cell) {
        double link = Cell.BITS_PER_SECOND / MEGA * MSS / FRAME;
        int buffer = cell.buffers().bytes();
        return buffer == 0 ? link : Math.min(link, buffer * 8 / (cell.rttMillis() / 1000.0) / MEGA);
    }

    /** What is to be expected of a field of the grid. */
    static double of(Cell cell) {
        double rtt = cell.rttMillis() / 1000.0;
        if (cell.lossPerMyriad() == 0) {
            return limit(cell);
        }
        double window = cell.congestion().equals("cubic") ? cubic(cell.loss(), rtt) : reno(cell.loss(), rtt);
        return Math.min(limit(cell), window);
    }
}
