package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.rst;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.ip.TransportError;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.Conversation;
import dev.towpath.testing.script.PacketScript;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many connections wait at a listener. */
class BacklogTest extends PacketScript {
    private final List<Conversation> others = new ArrayList<>();

    private Conversation other() {
        Conversation other = rig.conversation(1000 + others.size());
        others.add(other);
        return other;
    }

    private static void connects(Conversation conversation) {
        conversation.peer().sends(syn(0).mss(1000));
        conversation.stack().replies(synAck(0, 1));
        conversation.peer().sends(ack(1));
    }

    @Test
    @Covers(Requirement.ACCEPT_QUEUE)
    void connectionsAreAcceptedInTheOrderInWhichTheyWereEstablished() {
        app.listens();
        Conversation first = other();
        Conversation second = other();
        second.peer().sends(syn(0));
        second.stack().replies(synAck(0, 1));
        first.peer().sends(syn(0));
        first.stack().replies(synAck(0, 1));
        first.peer().sends(ack(1));
        second.peer().sends(ack(1));
        assertThat(rig.listener().pending()).isEqualTo(2);
        first.app().accepts();
        second.app().accepts();
        assertThat(rig.listener().accept()).isNull();
    }

    @Test
    @Covers(Requirement.ACCEPT_QUEUE)
    void aFullAcceptQueueTakesNoNewSyn() { // dropped, not refused: the peer tries again
        app.listens(2);
        connects(other());
        connects(other());
        peer.sends(syn(0));
        stack.isQuiet();
        assertThat(rig.dropped(DropReason.TCP_ACCEPT_QUEUE_FULL)).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_EXT_LISTEN_OVERFLOWS)).isEqualTo(1);
        others.get(0).app().accepts();
        peer.sends(syn(0));
        stack.replies(synAck(0, 1));
    }

    @Test
    @Covers(Requirement.ACCEPT_QUEUE)
    void aHandshakeThatFindsTheQueueFullIsCompletedLater() { // the last ACK is as if lost; what follows it completes
        app.listens(1);
        peer.sends(syn(0).mss(1000));
        stack.replies(synAck(0, 1));
        connects(other());
        peer.sends(ack(1));
        stack.isQuiet();
        app.isIn(State.SYN_RECEIVED);
        others.get(0).app().accepts();
        peer.sends(data(1, 101).acks(1));
        stack.replies(ack(101));
        app.accepts();
        app.reads(100);
    }

    @Test
    @Covers(Requirement.ACCEPT_QUEUE)
    void aHandshakeThatFindsTheQueueFullIsRemindedByTheSynAck() {
        app.listens(1);
        peer.sends(syn(0).mss(1000));
        stack.replies(synAck(0, 1));
        connects(other());
        peer.sends(ack(1));
        others.get(0).app().accepts();
        stack.sendsAfter(seconds(1), synAck(0, 1));
        peer.sends(ack(1));
        app.accepts();
        app.isIn(State.ESTABLISHED);
    }

    @Test
    @Covers(Requirement.HALF_OPEN_BOUNDED)
    void theSynQueueIsBounded() { // RFC 4987 section 3: half-open connections cost memory
        app.listens(4);
        for (int i = 0; i < 1000; i++) {
            Conversation one = other();
            one.peer().sends(syn(0).mss(1000));
            one.stack().sendsSomething();
        }
        assertThat(rig.flows()).isLessThan(1000);
        assertThat(rig.count(Counter.TCP_EXT_SYNCOOKIES_SENT)).isEqualTo(1000 - rig.flows());
    }

    @Test
    void aThousandAtOnceAreAllServed() {
        app.listens(1000);
        for (int i = 0; i < 1000; i++) {
            Conversation one = other();
            one.peer().sends(syn(0).mss(1000));
            one.stack().replies(synAck(0, 1));
        }
        for (Conversation one : others) {
            one.peer().sends(data(1, 101).acks(1));
            one.stack().replies(ack(101));
        }
        for (Conversation one : others) {
            one.app().accepts();
            one.app().reads(100);
        }
    }

    @Test
    void aConnectionThatIsResetBeforeItIsAcceptedIsAcceptedAsFailed() {
        app.listens();
        connects(other());
        others.get(0).peer().sends(rst(1));
        others.get(0).app().accepts();
        others.get(0).app().isTold(TransportError.CONNECTION_RESET);
    }

    @Test
    void aListenersOptionsAreInherited() {
        app.options(settings -> settings.noDelay = true);
        established();
        assertThat(app.connection().settings().noDelay).isTrue();
        app.options(settings -> settings.noDelay = false);
        assertThat(app.connection().settings().noDelay).isFalse();
        assertThat(rig.listener().settings().noDelay).isTrue();
    }
}
