package dev.towpath.testing.script;

import dev.towpath.testing.script.WireSegment.Flag;
import org.jspecify.annotations.Nullable;

/**
 * What must hold for every segment that one end of a connection sends, whatever a test is about. Watches the wire only:
 * tell it what the end sends and what reaches it. All comparisons are in sequence space.
 */
public final class WireRules {
    private final Pattern pattern;
    private final boolean inOrder;

    private boolean open;
    private boolean heard;
    private int iss;
    private int sndMax;
    private int sndUna;
    private int peerEdge;
    private int peerMax;
    private int ackSent;
    private int edgeSent;
    private boolean edgeKnown;
    private @Nullable Integer ownScale;
    private @Nullable Integer peerScale;
    private @Nullable Integer finAt;
    private @Nullable WireSegment lastSyn;

    /**
     * Rules for an end whose data is {@code pattern}.
     *
     * @param inOrder what arrives does so in order: then every ACK that arrives counts. Else it may come in a segment
     *     that is too old to be looked at.
     */
    public WireRules(Pattern pattern, boolean inOrder) {
        this.pattern = pattern;
        this.inOrder = inOrder;
    }

    /** Something has reached the end that is watched, undamaged. */
    public void arrived(WireSegment segment) {
        if (segment.has(Flag.RST)) {
            return;
        }
        int end = segment.sequence() + segment.length();
        if (segment.has(Flag.SYN)) {
            lastSyn = segment;
            if (!heard) {
                adopt(segment);
            }
        }
        if (heard && end - peerMax > 0) {
            peerMax = end;
        }
        if (open && segment.has(Flag.ACK)) {
            arrivedAck(segment);
        }
    }

    private void arrivedAck(WireSegment segment) {
        int acknowledgment = segment.acknowledgment();
        if (acknowledgment - sndMax > 0) {
            return;
        }
        if (acknowledgment - sndUna > 0) {
            sndUna = acknowledgment;
        }
        int edge = acknowledgment + (segment.window() << (segment.has(Flag.SYN) ? 0 : shift(peerScale)));
        if (edge - peerEdge > 0) {
            peerEdge = edge;
        }
    }

    /** The end that is watched sends this: throws an {@link AssertionError} that says which rule it breaks. */
    public void sent(WireSegment segment) {
        if (segment.has(Flag.RST)) {
            require(segment.length() == 0, "a reset carries nothing");
            return;
        }
        if (segment.has(Flag.SYN)) {
            if (!open || segment.sequence() != iss) {
                begin(segment);
            }
        } else {
            require(
                    segment.has(Flag.ACK),
                    "every segment but the first SYN and resets has ACK (RFC 9293 section 3.10.7)");
        }
        if (!open) {
            return; // an answer without a connection of its own
        }
        if (segment.has(Flag.ACK)) {
            checkAcknowledgment(segment);
        }
        checkSequence(segment);
        checkData(segment);
    }

    /**
     * The peer's SYN that counts: the first that arrived, or the last before the end that is watched answers with a new
     * SYN of its own.
     */
    private void adopt(WireSegment syn) {
        heard = true;
        peerScale = syn.options().windowScale();
        peerMax = syn.sequence() + syn.length();
    }

    private void begin(WireSegment segment) {
        heard = false;
        if (segment.has(Flag.ACK) && lastSyn != null) {
            adopt(lastSyn);
        }
        open = true;
        iss = segment.sequence();
        sndUna = iss;
        sndMax = iss;
        peerEdge = iss + 1;
        ownScale = segment.options().windowScale();
        finAt = null;
        edgeKnown = false;
    }

    private void checkAcknowledgment(WireSegment segment) {
        int acknowledgment = segment.acknowledgment();
        require(!heard || acknowledgment - peerMax <= 0, "acknowledges what the peer never sent");
        int unit = 1 << (segment.has(Flag.SYN) ? 0 : shift(ownScale));
        int edge = acknowledgment + segment.window() * unit;
        if (edgeKnown) {
            require(acknowledgment - ackSent >= 0, "RCV.NXT goes back");
            // RFC 7323 section 2.4: rounding may let it fall back by less than a unit
            require(edge - edgeSent > -unit, "the window's right edge shrinks (RFC 9293 section 3.8.6, SHLD-14)");
        }
        ackSent = acknowledgment;
        edgeSent = edgeKnown && edgeSent - edge > 0 ? edgeSent : edge;
        edgeKnown = true;
    }

    private void checkSequence(WireSegment segment) {
        int from = segment.sequence();
        int end = from + segment.length();
        require(from - sndMax <= 0, "leaves a hole: SEG.SEQ is beyond all that was sent before");
        if (inOrder) {
            checkAlive(segment);
        }
        int dataEnd = end - (segment.has(Flag.FIN) ? 1 : 0);
        if (segment.payload().length > 0 && !segment.has(Flag.SYN)) {
            int probe = peerEdge - sndUna == 0 ? 1 : 0;
            require(dataEnd - peerEdge <= probe, "data beyond the window that the peer offers");
            require(finAt == null || dataEnd - finAt <= 0, "data after the FIN");
        }
        if (segment.has(Flag.FIN)) {
            require(finAt == null || finAt == dataEnd, "the FIN has moved");
            finAt = dataEnd;
        }
        if (end - sndMax > 0) {
            sndMax = end;
        }
    }

    /**
     * What is acknowledged is not sent again; an ACK of the SYN may find no room in the accept queue, and then is as if
     * it had never come.
     */
    private void checkAlive(WireSegment segment) {
        int end = segment.sequence() + segment.length();
        boolean alive = segment.length() == 0 || segment.has(Flag.SYN) || end - sndUna > 0;
        require(alive, "resends what is all acknowledged");
        require(segment.sequence() - sndUna >= -1, "starts before SND.UNA");
    }

    private void checkData(WireSegment segment) {
        int offset = segment.sequence() - iss - (segment.has(Flag.SYN) ? 0 : 1);
        int wrong = pattern.mismatch(Integer.toUnsignedLong(offset), segment.payload());
        require(wrong < 0, "data byte " + wrong + " is wrong");
    }

    private int shift(@Nullable Integer scale) {
        return ownScale == null || peerScale == null || scale == null ? 0 : Math.min(scale, 14);
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new AssertionError(rule);
        }
    }
}
