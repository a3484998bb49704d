package dev.towpath.testing.script;

import dev.towpath.testing.script.WireSegment.Block;
import dev.towpath.testing.script.WireSegment.Flag;
import org.jspecify.annotations.Nullable;

/**
 * What makes a script's numbers relative: both initial sequence numbers and what the two SYNs said about window
 * scaling.
 */
final class Numbers {
    /** Close below the wrap, so that every script of more than 40,000 bytes crosses it. */
    static final int PEER_ISS = -40_000;

    final int peerIss = PEER_ISS;
    int stackIss;
    int stackEdge;
    private @Nullable WireSegment stackSyn;
    private @Nullable WireSegment peerSyn;
    private @Nullable WireSegment lastPeerSyn;

    void stackSent(WireSegment segment) {
        if (segment.has(Flag.SYN)) {
            boolean again = stackSyn != null && stackSyn.sequence() == segment.sequence();
            stackIss = segment.sequence();
            stackSyn = segment;
            if (!again) {
                peerSyn = segment.has(Flag.ACK) ? lastPeerSyn : null;
            }
        }
        if (segment.has(Flag.ACK)) {
            stackEdge = segment.acknowledgment() + stackWindow(segment);
        }
    }

    /** A SYN that the stack does not take for the beginning of a connection changes nothing, hence the two fields. */
    void peerSent(WireSegment segment) {
        if (segment.has(Flag.SYN)) {
            lastPeerSyn = segment;
            peerSyn = peerSyn == null ? segment : peerSyn;
        }
    }

    /**
     * The window of the stack's {@code segment} in bytes: a SYN's is never scaled, others only if both SYNs had the
     * option (RFC 7323 section 2.2).
     */
    int stackWindow(WireSegment segment) {
        return segment.window() << (segment.has(Flag.SYN) ? 0 : shift(stackSyn, peerSyn));
    }

    int peerWindow(WireSegment segment) {
        return segment.window() << (segment.has(Flag.SYN) ? 0 : peerShift());
    }

    int peerShift() {
        return shift(peerSyn, stackSyn);
    }

    String describe(WireSegment segment, boolean fromStack) {
        int own = fromStack ? stackIss : peerIss;
        int other = fromStack ? peerIss : stackIss;
        StringBuilder text = new StringBuilder(segment.flagLetters());
        int from = segment.sequence() - own;
        text.append(" seq ").append(from);
        if (segment.payload().length > 0) {
            text.append(':').append(from + segment.payload().length);
            text.append(" (").append(segment.payload().length).append(')');
        }
        if (segment.has(Flag.ACK)) {
            text.append(" ack ").append(segment.acknowledgment() - other);
        }
        text.append(" win ").append(fromStack ? stackWindow(segment) : peerWindow(segment));
        if (segment.has(Flag.URG)) {
            text.append(" urg ").append(segment.urgent());
        }
        return text.append(describe(segment.options(), other)).toString();
    }

    private static String describe(WireSegment.Options options, int base) {
        StringBuilder text = new StringBuilder();
        if (options.mss() != null) {
            text.append(" mss ").append(options.mss());
        }
        if (options.windowScale() != null) {
            text.append(" ws ").append(options.windowScale());
        }
        if (options.sackPermitted()) {
            text.append(" sackOK");
        }
        if (options.timestamps() != null) {
            text.append(" ts ").append(options.timestamps());
        }
        for (Block block : options.sack()) {
            text.append(" sack ").append(block.left() - base).append(':').append(block.right() - base);
        }
        return text.isEmpty() ? "" : " <" + text.substring(1) + ">";
    }

    private static int shift(@Nullable WireSegment ownSyn, @Nullable WireSegment othersSyn) {
        if (ownSyn == null || othersSyn == null || othersSyn.options().windowScale() == null) {
            return 0;
        }
        Integer scale = ownSyn.options().windowScale();
        return scale == null ? 0 : Math.min(scale, 14);
    }
}
