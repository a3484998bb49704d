package dev.towpath.testing.script;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.fin;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;

import dev.towpath.tcp.State;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/**
 * What a class of packet scripts begins with: one conversation, its three parties and the clock. After each script the
 * stack is closed, and must have given back every frame, buffer, timer and table entry.
 */
public abstract class PacketScript {
    /** The bench. */
    protected final Rig rig = new Rig();

    /** Virtual time. */
    protected final ScriptClock clock = rig.clock();

    private final Conversation conversation = rig.conversation(40_000);

    /** The far end. */
    protected final Peer peer = conversation.peer();

    /** The stack's end of the wire. */
    protected final StackSide stack = conversation.stack();

    /** The application on the stack. */
    protected final App app = conversation.app();

    @AfterEach
    void finish() {
        rig.finish();
    }

    /** Reaches ESTABLISHED by a passive open, the peer's MSS 1000 and its window 65,535 bytes without scaling. */
    protected final void established() {
        established(syn(0).mss(1000));
    }

    /** Reaches ESTABLISHED by a passive open with this SYN; the connection is accepted. */
    protected final void established(SegmentSpec syn) {
        app.listens();
        peer.sends(syn);
        stack.replies(synAck(0, 1));
        peer.sends(ack(1));
        app.accepts();
        app.isIn(State.ESTABLISHED);
    }

    /** Reaches a state over the wire, the shortest way. */
    protected final void in(State state) {
        switch (state) {
            case CLOSED -> app.isIn(State.CLOSED);
            case LISTEN -> app.listens();
            case SYN_SENT -> {
                app.connects();
                stack.sends(syn(0));
            }
            case SYN_RECEIVED -> {
                app.listens();
                peer.sends(syn(0).mss(1000));
                stack.replies(synAck(0, 1));
            }
            case ESTABLISHED -> established();
            case FIN_WAIT_1 -> {
                established();
                app.shutsDown();
                stack.sends(fin(1));
            }
            case FIN_WAIT_2 -> {
                in(State.FIN_WAIT_1);
                peer.sends(ack(2));
            }
            case CLOSE_WAIT -> {
                established();
                peer.sends(fin(1));
                stack.replies(ack(2));
            }
            case CLOSING -> {
                in(State.FIN_WAIT_1);
                peer.sends(fin(1));
                stack.replies(ack(2));
            }
            case LAST_ACK -> {
                in(State.CLOSE_WAIT);
                app.shutsDown();
                stack.sends(fin(1));
            }
            case TIME_WAIT -> {
                in(State.FIN_WAIT_2);
                peer.sends(fin(1));
                stack.replies(ack(2));
            }
        }
        app.isIn(state);
    }

    /** A length of time. */
    protected static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    /** A length of time. */
    protected static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
