package dev.towpath.tcp;

import static dev.towpath.tcp.State.CLOSED;
import static dev.towpath.tcp.State.CLOSE_WAIT;
import static dev.towpath.tcp.State.CLOSING;
import static dev.towpath.tcp.State.ESTABLISHED;
import static dev.towpath.tcp.State.FIN_WAIT_1;
import static dev.towpath.tcp.State.FIN_WAIT_2;
import static dev.towpath.tcp.State.LAST_ACK;
import static dev.towpath.tcp.State.LISTEN;
import static dev.towpath.tcp.State.SYN_RECEIVED;
import static dev.towpath.tcp.State.SYN_SENT;
import static dev.towpath.tcp.State.TIME_WAIT;
import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.fin;
import static dev.towpath.testing.script.SegmentSpec.flags;
import static dev.towpath.testing.script.SegmentSpec.rst;
import static dev.towpath.testing.script.SegmentSpec.rstAck;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;

import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import dev.towpath.testing.script.SegmentSpec;
import dev.towpath.testing.script.WireSegment.Flag;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * RFC 9293 section 3.10.7 as a table: a segment arrives in a state; what is the reply, and what the next state?
 *
 * <p>In the tables {@code nxt} is RCV.NXT, and SEG.SEQ lies left of the window, at RCV.NXT, inside, or right of it.
 */
class SegmentArrivesTest extends PacketScript {
    private static final int RIGHT = 2_000_000;

    /** RCV.NXT and SND.NXT, relative, in the state as {@link #in} reaches it. */
    private record Place(int rcvNxt, int sndNxt) {}

    private static final Map<State, Place> PLACES = Map.of(
            SYN_RECEIVED, new Place(1, 1),
            ESTABLISHED, new Place(1, 1),
            FIN_WAIT_1, new Place(1, 2),
            FIN_WAIT_2, new Place(1, 2),
            CLOSE_WAIT, new Place(2, 1),
            CLOSING, new Place(2, 2),
            LAST_ACK, new Place(2, 2),
            TIME_WAIT, new Place(2, 2));

    /** States in which both sequence numbers are known and the connection is not yet over. */
    private static final List<State> LIVE = List.of(ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK);

    /** One line of a table. */
    record Row(
            State state,
            String what,
            SegmentSpec incoming,
            @Nullable SegmentSpec reply,
            State next) {
        @Override
        public String toString() {
            return state + ": " + what + " -> " + (reply == null ? "silence" : reply) + ", " + next;
        }
    }

    static Stream<Row> sequenceCheck() { // first: RFC 9293 section 3.10.7.4
        return Stream.concat(LIVE.stream(), Stream.of(SYN_RECEIVED, TIME_WAIT)).flatMap(state -> {
            Place at = place(state);
            int nxt = at.rcvNxt();
            SegmentSpec again = ack(nxt).seq(at.sndNxt());
            return Stream.of(
                    new Row(state, "ACK left", ack(at.sndNxt()).seq(nxt - 10), again, state),
                    new Row(state, "ACK right", ack(at.sndNxt()).seq(nxt + RIGHT), again, state),
                    new Row(state, "data left", data(nxt - 10, nxt).acks(at.sndNxt()), again, state),
                    new Row(
                            state,
                            "data right",
                            data(nxt + RIGHT, nxt + RIGHT + 10).acks(at.sndNxt()),
                            again,
                            state),
                    new Row(state, "FIN right", fin(nxt + RIGHT).acks(at.sndNxt()), again, state),
                    new Row(state, "RST left", rst(nxt - 10), null, state),
                    new Row(state, "RST right", rst(nxt + RIGHT), null, state));
        });
    }

    static Stream<Row> resetCheck() { // second, with RFC 5961 section 3.2: only RCV.NXT exactly resets
        Stream<Row> live = LIVE.stream().flatMap(state -> {
            int nxt = place(state).rcvNxt();
            SegmentSpec challenge = ack(nxt).seq(place(state).sndNxt());
            return Stream.of(
                    new Row(state, "RST at", rst(nxt), null, CLOSED),
                    new Row(state, "RST ACK at", rstAck(nxt, place(state).sndNxt()), null, CLOSED),
                    new Row(state, "RST inside", rst(nxt + 10), challenge, state));
        });
        return Stream.concat(
                live,
                Stream.of(
                        new Row(SYN_RECEIVED, "RST at", rst(1), null, LISTEN),
                        new Row(SYN_RECEIVED, "RST inside", rst(11), ack(1).seq(1), SYN_RECEIVED),
                        new Row(TIME_WAIT, "RST at", rst(2), null, TIME_WAIT))); // RFC 1337
    }

    static Stream<Row> synCheck() { // fourth, with RFC 5961 section 4.2: a challenge ACK, wherever the SYN lies
        return LIVE.stream().flatMap(state -> {
            int nxt = place(state).rcvNxt();
            SegmentSpec challenge = ack(nxt).seq(place(state).sndNxt());
            return Stream.of(
                    new Row(state, "SYN left", syn(nxt - 10), challenge, state),
                    new Row(state, "SYN at", syn(nxt), challenge, state),
                    new Row(state, "SYN inside", syn(nxt + 10), challenge, state),
                    new Row(state, "SYN right", syn(nxt + RIGHT), challenge, state),
                    new Row(state, "SYN ACK at", synAck(nxt, place(state).sndNxt()), challenge, state));
        });
    }

    static Stream<Row> ackCheck() { // fifth
        Stream<Row> all = LIVE.stream().flatMap(state -> {
            int nxt = place(state).rcvNxt();
            int sndNxt = place(state).sndNxt();
            SegmentSpec again = ack(nxt).seq(sndNxt);
            return Stream.of(
                    new Row(state, "no ACK", flags(0).seq(nxt), null, state),
                    new Row(state, "data without ACK", data(nxt, nxt + 10).noAck(), null, state),
                    new Row(
                            state,
                            "ACK of what was never sent",
                            ack(sndNxt + 10).seq(nxt),
                            again,
                            state),
                    // RFC 5961 section 5.2: SEG.ACK < SND.UNA - MAX.SND.WND
                    new Row(state, "ACK far too old", ack(-100_000).seq(nxt), again, state),
                    new Row(state, "ACK a little old", ack(0).seq(nxt), null, state));
        });
        return Stream.concat(
                all,
                Stream.of(
                        new Row(SYN_RECEIVED, "ACK of the SYN", ack(1), null, ESTABLISHED),
                        new Row(SYN_RECEIVED, "ACK of nothing", ack(0), rst(0), SYN_RECEIVED),
                        new Row(SYN_RECEIVED, "ACK of what was never sent", ack(11), rst(11), SYN_RECEIVED),
                        new Row(SYN_RECEIVED, "no ACK", flags(0).seq(1), null, SYN_RECEIVED),
                        new Row(FIN_WAIT_1, "ACK of the FIN", ack(2), null, FIN_WAIT_2),
                        new Row(CLOSING, "ACK of the FIN", ack(2), null, TIME_WAIT),
                        new Row(LAST_ACK, "ACK of the FIN", ack(2), null, CLOSED)));
    }

    static Stream<Row> finCheck() { // eighth
        return Stream.of(
                new Row(SYN_RECEIVED, "FIN ACK", fin(1).acks(1), ack(2), CLOSE_WAIT),
                new Row(ESTABLISHED, "FIN", fin(1), ack(2), CLOSE_WAIT),
                new Row(ESTABLISHED, "FIN behind data", data(1, 11).fin(), ack(12), CLOSE_WAIT),
                new Row(ESTABLISHED, "FIN behind a gap", fin(11), ack(1), ESTABLISHED),
                new Row(FIN_WAIT_1, "FIN", fin(1), ack(2), CLOSING),
                new Row(FIN_WAIT_1, "FIN that acknowledges ours", fin(1).acks(2), ack(2), TIME_WAIT),
                new Row(FIN_WAIT_2, "FIN", fin(1), ack(2), TIME_WAIT),
                new Row(FIN_WAIT_2, "FIN behind data", data(1, 11).fin(), ack(12), TIME_WAIT),
                new Row(CLOSE_WAIT, "FIN again", fin(1), ack(2), CLOSE_WAIT),
                new Row(CLOSING, "FIN again", fin(1), ack(2), CLOSING),
                new Row(LAST_ACK, "FIN again", fin(1), ack(2), LAST_ACK),
                new Row(TIME_WAIT, "FIN again", fin(1), ack(2), TIME_WAIT));
    }

    static Stream<Row> earlyStates() { // sections 3.10.7.1 to 3.10.7.3
        return Stream.of(
                new Row(CLOSED, "SYN", syn(0), rstAck(0, 1), CLOSED),
                new Row(CLOSED, "ACK", ack(5).seq(9), rst(5), CLOSED),
                new Row(CLOSED, "FIN", fin(9).noAck(), rstAck(0, 10), CLOSED),
                new Row(CLOSED, "RST", rst(9), null, CLOSED),
                new Row(LISTEN, "SYN", syn(0), synAck(0, 1), SYN_RECEIVED),
                new Row(LISTEN, "SYN FIN", flags(Flag.SYN | Flag.FIN).seq(0), null, LISTEN),
                new Row(LISTEN, "ACK", ack(5).seq(9), rst(5), LISTEN),
                new Row(LISTEN, "RST", rst(9), null, LISTEN),
                new Row(LISTEN, "FIN", fin(9).noAck(), null, LISTEN),
                new Row(SYN_SENT, "SYN ACK", synAck(0, 1), ack(1), ESTABLISHED),
                new Row(SYN_SENT, "SYN", syn(0), synAck(0, 1), SYN_RECEIVED),
                new Row(SYN_SENT, "SYN ACK of nothing", synAck(0, 0), rst(0), SYN_SENT),
                new Row(SYN_SENT, "SYN ACK of what was never sent", synAck(0, 2), rst(2), SYN_SENT),
                new Row(SYN_SENT, "ACK", ack(1).seq(0), null, SYN_SENT),
                new Row(SYN_SENT, "bad ACK", ack(9).seq(0), rst(9), SYN_SENT),
                new Row(SYN_SENT, "FIN", fin(0).noAck(), null, SYN_SENT),
                new Row(SYN_SENT, "RST", rst(0), null, SYN_SENT),
                new Row(SYN_SENT, "RST with a bad ACK", rstAck(0, 9), null, SYN_SENT),
                new Row(SYN_SENT, "RST ACK", rstAck(0, 1), null, CLOSED));
    }

    @ParameterizedTest
    @Covers({
        Requirement.ACCEPTABILITY,
        Requirement.STATE_CLOSED,
        Requirement.STATE_LISTEN,
        Requirement.STATE_SYN_SENT,
        Requirement.STATE_SYN_RECEIVED,
        Requirement.STATE_ESTABLISHED,
        Requirement.STATE_FIN_WAIT_1,
        Requirement.STATE_FIN_WAIT_2,
        Requirement.STATE_CLOSE_WAIT,
        Requirement.STATE_CLOSING,
        Requirement.STATE_LAST_ACK,
        Requirement.STATE_TIME_WAIT
    })
    @MethodSource({"earlyStates", "sequenceCheck", "resetCheck", "synCheck", "ackCheck", "finCheck"})
    void segmentArrives(Row row) {
        in(row.state());
        peer.sends(row.incoming());
        SegmentSpec reply = row.reply();
        if (reply == null) {
            stack.isQuiet();
        } else {
            stack.replies(reply);
        }
        app.isIn(row.next());
    }

    private static Place place(State state) {
        Place place = PLACES.get(state);
        if (place == null) {
            throw new IllegalArgumentException("nothing is synchronised in " + state);
        }
        return place;
    }
}
