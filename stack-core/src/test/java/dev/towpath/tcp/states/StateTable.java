package dev.towpath.tcp.states;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.rst;
import static dev.towpath.testing.script.SegmentSpec.rstAck;
import static dev.towpath.testing.script.SegmentSpec.synAck;

import dev.towpath.tcp.State;
import dev.towpath.testing.script.PacketScript;
import dev.towpath.testing.script.SegmentSpec;
import dev.towpath.testing.script.WireSegment.Flag;

/**
 * A table for one state. In its rows
 *
 * <ul>
 *   <li><b>segment</b> is the control bits, and {@code data} for ten octets;
 *   <li><b>SEG.SEQ</b> is {@code left} of the window by twenty, {@code before} it by one, {@code across} its left edge,
 *       {@code at} RCV.NXT, {@code inside} by ten, {@code last} in the window, or {@code right} of it by one;
 *   <li><b>SEG.ACK</b> is SND.NXT, {@code una} for SND.UNA, {@code old}: the oldest acceptable one of RFC 5961 section
 *       5.2, {@code older}: one less, or {@code new}: what was never sent;
 *   <li><b>reply</b> is {@code -} for silence, {@code ACK} for &lt;SEQ=SND.NXT&gt;&lt;ACK=RCV.NXT&gt;, {@code +n} if
 *       RCV.NXT moves on by n; {@code RST} for &lt;SEQ=SEG.ACK&gt;, {@code RST+ACK} for
 *       &lt;SEQ=0&gt;&lt;ACK=SEG.SEQ+SEG.LEN&gt;, and {@code SYN+ACK};
 *   <li><b>next</b> is the next state as the application sees it, {@code same} if it does not change.
 * </ul>
 */
abstract class StateTable extends PacketScript {
    private static final int DATA = 10;

    /** The peers of these tables offer it, and never more. */
    private static final int MAX_SND_WND = 65_535;

    private final State state;
    private final int rcvNxt;
    private final int sndUna;
    private final int sndNxt;

    /** Where the numbers stand, relative to the initial ones, when a row begins. */
    StateTable(State state, int rcvNxt, int sndUna, int sndNxt) {
        this.state = state;
        this.rcvNxt = rcvNxt;
        this.sndUna = sndUna;
        this.sndNxt = sndNxt;
    }

    /** Reaches the state, over the wire only. */
    void reach() {
        in(state);
    }

    /** One row. */
    final void check(String segment, String seq, String ack, String reply, String next) {
        reach();
        app.isIn(state);
        int sequence = sequence(seq);
        SegmentSpec incoming = segment(segment, sequence);
        if (!ack.equals("-")) {
            incoming.acks(acknowledgment(ack));
        }
        peer.sends(incoming);
        switch (reply) {
            case "-" -> stack.isQuiet();
            case "RST" -> stack.replies(rst(acknowledgment(ack)));
            case "RST+ACK" -> stack.replies(rstAck(0, sequence + length(segment)));
            case "SYN+ACK" -> stack.replies(synAck(0, sequence + 1));
            default -> stack.replies(ack(rcvNxt + advance(reply)).seq(sndNxt));
        }
        app.isIn(next.equals("same") ? state : State.valueOf(next.replace('-', '_')));
    }

    private static SegmentSpec segment(String bits, int sequence) {
        int flags = 0;
        for (String bit : bits.split("\\+", -1)) {
            flags |= switch (bit) {
                case "SYN" -> Flag.SYN;
                case "ACK" -> Flag.ACK;
                case "FIN" -> Flag.FIN;
                case "RST" -> Flag.RST;
                case "none", "data" -> 0;
                default -> throw new IllegalArgumentException(bit);
            };
        }
        return SegmentSpec.flags(flags).seq(sequence).payload(bits.contains("data") ? DATA : 0);
    }

    private static int length(String bits) {
        return (bits.contains("data") ? DATA : 0) + (bits.contains("SYN") ? 1 : 0) + (bits.contains("FIN") ? 1 : 0);
    }

    private int sequence(String place) {
        return switch (place) {
            case "left" -> rcvNxt - 2 * DATA;
            case "before" -> rcvNxt - 1;
            case "across" -> rcvNxt - DATA / 2;
            case "at" -> rcvNxt;
            case "inside" -> rcvNxt + DATA;
            case "last" -> stack.rightEdge() - 1;
            case "right" -> stack.rightEdge();
            default -> throw new IllegalArgumentException(place);
        };
    }

    private int acknowledgment(String number) {
        return switch (number) {
            case "SND.NXT" -> sndNxt;
            case "una" -> sndUna;
            case "old" -> sndUna - MAX_SND_WND;
            case "older" -> sndUna - MAX_SND_WND - 1;
            case "new" -> sndNxt + 1;
            default -> throw new IllegalArgumentException(number);
        };
    }

    private static int advance(String reply) {
        return reply.equals("ACK") ? 0 : Integer.parseInt(reply.substring("ACK +".length()));
    }
}
