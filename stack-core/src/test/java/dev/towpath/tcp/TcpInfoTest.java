package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.info.TcpInfo;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.api.Test;

/** TCP_INFO: what can be seen of a connection from outside, by Linux's names. */
@Covers(Requirement.TCP_INFO)
class TcpInfoTest extends PacketScript {
    private static final long MILLI = 1_000_000;

    private TcpInfo info() {
        return app.connection().info();
    }

    /** A connection whose handshake took {@code millis} on the way. */
    private void establishedIn(long millis) {
        app.listens();
        peer.sends(syn(0).mss(1000).sackPermitted().timestamps(1, 0).ws(3));
        stack.replies(synAck(0, 1));
        clock.advanceMillis(millis);
        peer.sends(ack(1).timestamps(2, 0).win(65_535));
        app.accepts();
    }

    @Test
    void whatWasAgreedIsTold() {
        establishedIn(10);
        TcpInfo info = info();
        assertThat(info.state).isEqualTo("ESTABLISHED");
        assertThat(info.timestamps).isTrue();
        assertThat(info.sack).isTrue();
        assertThat(info.windowScale).isTrue();
        assertThat(info.sndWscale).isEqualTo(3);
        assertThat(info.rcvWscale).isEqualTo(5);
        assertThat(info.sndMss).isEqualTo(988);
        assertThat(info.advmss).isEqualTo(1460);
        assertThat(info.pmtu).isEqualTo(1500);
        assertThat(info.sndWnd).isEqualTo(65_535 / 8 * 8);
        assertThat(info.sndCwnd).isEqualTo(10);
        assertThat(info.sndCwndBytes).isEqualTo(9880);
        assertThat(info.sndSsthreshBytes).isEqualTo(Integer.MAX_VALUE);
        assertThat(info.atoNanos).isEqualTo(40 * MILLI);
        assertThat(info.toString())
                .startsWith("ESTABLISHED cubic ")
                .contains(" wscale:3,5 rto:210.0ms rtt:10.0ms/5.0ms ");
    }

    @Test
    void aPlainPeerHasNoOptions() {
        established();
        assertThat(info().timestamps).isFalse();
        assertThat(info().sack).isFalse();
        assertThat(info().windowScale).isFalse();
        assertThat(info().ecn).isFalse();
    }

    @Test
    void roundTripsAreToldAsTheyAreMeasured() { // RFC 6298 section 2
        establishedIn(10);
        assertThat(info().rttNanos).isEqualTo(10 * MILLI);
        assertThat(info().rttvarNanos).isEqualTo(5 * MILLI);
        assertThat(info().rtoNanos).isEqualTo(210 * MILLI);
        app.writes(100);
        stack.sends(data(1, 101));
        clock.advanceMillis(26);
        peer.sends(ack(101).timestamps(3, 0));
        assertThat(info().rttNanos).isEqualTo(12 * MILLI);
        assertThat(info().minRttNanos).isEqualTo(10 * MILLI);
    }

    @Test
    void theLeastRoundTripIsForgottenInTheEnd() { // after five to seven and a half minutes
        established(syn(0).mss(1000));
        assertThat(info().minRttNanos).isZero();
        int at = 1;
        for (int minute = 0; minute < 10; minute++, at += 100) {
            clock.advanceSeconds(60);
            app.writes(100);
            stack.sends(data(at, at + 100));
            clock.advanceMillis(30);
            peer.sends(ack(at + 100));
        }
        assertThat(info().minRttNanos).isEqualTo(30 * MILLI);
    }

    @Test
    void whatIsSentAndReceivedIsCounted() {
        established();
        app.writes(2500);
        stack.sends(data(1, 1001), data(1001, 2001), data(2001, 2501));
        TcpInfo before = info();
        assertThat(before.bytesSent).isEqualTo(2500);
        assertThat(before.bytesAcked).isZero();
        assertThat(before.unackedBytes).isEqualTo(2500);
        assertThat(before.dataSegsOut).isEqualTo(3);
        assertThat(before.segsOut).as("SYN-ACK and data").isEqualTo(4);
        peer.sends(ack(2501));
        peer.sends(data(1, 1001).acks(2501));
        stack.replies(ack(1001));
        TcpInfo after = info();
        assertThat(after.bytesAcked).isEqualTo(2500);
        assertThat(after.deliveredBytes).isEqualTo(2500);
        assertThat(after.unackedBytes).isZero();
        assertThat(after.bytesReceived).isEqualTo(1000);
        assertThat(after.dataSegsIn).isEqualTo(1);
        assertThat(after.segsIn).as("ACK of the handshake, ACK, data").isEqualTo(3);
        assertThat(after.segsOut).isEqualTo(5);
    }

    @Test
    void superSegmentsCountAsWhatTheyAreOnTheWire() {
        rig.ip().offload(65_535);
        established();
        app.writes(10_000);
        stack.sends(data(1, 10_001).cut(1000));
        peer.sends(data(1, 10_001).cut(1460).acks(10_001));
        stack.replies(ack(10_001));
        assertThat(info().dataSegsOut).isEqualTo(10);
        assertThat(info().dataSegsIn).isEqualTo(7);
    }

    @Test
    void retransmissionsAreCounted() {
        established();
        app.writes(1000);
        stack.sends(data(1, 1001));
        stack.sendsAfter(millis(200), data(1, 1001));
        TcpInfo info = info();
        assertThat(info.totalRetrans).isEqualTo(1);
        assertThat(info.bytesRetrans).isEqualTo(1000);
        assertThat(info.bytesSent).isEqualTo(2000);
        assertThat(info.rtoNanos).as("backed off").isEqualTo(400 * MILLI);
    }

    @Test
    void theStateOfCongestionControlIsTold() { // tcpi_ca_state
        established(syn(0).mss(1000).sackPermitted());
        app.writes(6000);
        stack.sendsSomething();
        assertThat(info().caState).isEqualTo(TcpInfo.CaState.OPEN);
        clock.advanceMillis(5);
        peer.sends(ack(1).sack(1001, 2001));
        assertThat(info().caState).isEqualTo(TcpInfo.CaState.DISORDER);
        assertThat(info().sackedBytes).isEqualTo(1000);
        peer.sends(ack(1).sack(1001, 3001), ack(1).sack(1001, 5001));
        stack.sends(data(1, 1001));
        assertThat(info().caState).isEqualTo(TcpInfo.CaState.RECOVERY);
        assertThat(info().sndSsthreshBytes).isLessThan(10_000);
        clock.advanceSeconds(1);
        stack.sendsSomething();
        assertThat(info().caState).isEqualTo(TcpInfo.CaState.LOSS);
        peer.sends(ack(6001));
        assertThat(info().caState).isEqualTo(TcpInfo.CaState.OPEN);
    }

    @Test
    void aWindowCutOnTheNetworksWordIsToldToo() { // TCP_CA_CWR
        app.listens();
        peer.sends(syn(0).mss(1000).ece().cwr());
        stack.replies(synAck(0, 1).ece());
        peer.sends(ack(1));
        app.accepts();
        assertThat(info().ecn).isTrue();
        app.writes(20_000);
        stack.sendsSomething();
        peer.sends(ack(1001).ece());
        assertThat(info().caState).isEqualTo(TcpInfo.CaState.CWR);
        stack.sendsSomething();
        peer.sends(ack(10_001));
        stack.sendsSomething();
        assertThat(info().caState).isEqualTo(TcpInfo.CaState.OPEN);
    }

    @Test
    void segmentsOutOfOrderAndDuplicatesAreCounted() {
        established(syn(0).mss(1000).sackPermitted());
        peer.sends(data(1001, 2001));
        stack.replies(ack(1).sack(1001, 2001));
        assertThat(info().rcvOoopack).isEqualTo(1);
        app.writes(1000);
        stack.sends(data(1, 1001));
        peer.sends(ack(1001).sack(1, 1001)); // RFC 2883: it came twice
        assertThat(info().dsackDups).isEqualTo(1);
    }

    @Test
    void lastTimesAreAgo() {
        established();
        app.writes(10);
        stack.sends(data(1, 11));
        clock.advanceMillis(100);
        peer.sends(data(1, 11).acks(11));
        stack.replies(ack(11));
        clock.advanceMillis(50);
        assertThat(info().lastDataSentNanos).isEqualTo(150 * MILLI);
        assertThat(info().lastDataRecvNanos).isEqualTo(50 * MILLI);
        assertThat(info().lastAckRecvNanos).isEqualTo(50 * MILLI);
    }

    // ---- limited-by times, as tcp_chrono of Linux ----

    @Test
    void busyWhileAnythingIsInFlight() {
        established();
        clock.advanceMillis(500);
        app.writes(100);
        stack.sends(data(1, 101));
        clock.advanceMillis(30);
        peer.sends(ack(101));
        clock.advanceMillis(500);
        TcpInfo info = info();
        assertThat(info.busyTimeNanos).isEqualTo(30 * MILLI);
        assertThat(info.rwndLimitedNanos).isZero();
        assertThat(info.sndbufLimitedNanos).isZero();
    }

    @Test
    void thePeersWindowHoldsItBack() {
        established();
        peer.sends(ack(1).win(2000));
        app.writes(5000);
        stack.sends(data(1, 1001), data(1001, 2001));
        clock.advanceMillis(50);
        peer.sends(ack(2001).win(65_535));
        stack.sends(data(2001, 3001), data(3001, 4001), data(4001, 5001));
        clock.advanceMillis(30);
        peer.sends(ack(5001));
        assertThat(info().rwndLimitedNanos).isEqualTo(50 * MILLI);
        assertThat(info().busyTimeNanos).isEqualTo(80 * MILLI);
    }

    @Test
    void theSendBufferHoldsItBack() {
        app.options(settings -> settings.sendBuffer = 3000);
        established();
        assertThat(app.writesAllItCan()).isEqualTo(3000);
        stack.sends(data(1, 1001), data(1001, 2001), data(2001, 3001));
        clock.advanceMillis(70);
        peer.sends(ack(3001));
        assertThat(info().sndbufLimitedNanos).isEqualTo(70 * MILLI);
        assertThat(info().busyTimeNanos).isEqualTo(70 * MILLI);
    }

    @Test
    void theCongestionWindowIsNoLimitOfTheirs() {
        established();
        app.writes(50_000);
        assertThat(stack.sendsSomething()).hasSize(10);
        clock.advanceMillis(70);
        assertThat(info().busyTimeNanos).isEqualTo(70 * MILLI);
        assertThat(info().rwndLimitedNanos).isZero();
        assertThat(info().sndbufLimitedNanos).isZero();
        assertThat(info().notsentBytes).isEqualTo(40_000);
    }

    // ---- delivery rate ----

    @Test
    void theDeliveryRateIsAWindowInARoundTrip() {
        established();
        app.writes(50_000);
        assertThat(stack.sendsSomething()).hasSize(10);
        clock.advanceMillis(100);
        peer.sends(ack(10_001));
        stack.sendsSomething();
        assertThat(info().deliveryRate).isEqualTo(100_000);
        assertThat(info().deliveryRateAppLimited).isFalse();
    }

    @Test
    void anApplicationThatSendsLittleSaysNothingOfThePath() {
        established();
        app.writes(50_000);
        stack.sendsSomething();
        clock.advanceMillis(100);
        peer.sends(ack(10_001));
        stack.sendsSomething();
        clock.advanceMillis(100);
        peer.sends(ack(30_001));
        stack.sendsSomething();
        clock.advanceMillis(100);
        peer.sends(ack(50_001));
        assertThat(info().deliveryRate).isEqualTo(200_000);
        app.writes(100);
        stack.sends(data(50_001, 50_101));
        clock.advanceMillis(100);
        peer.sends(ack(50_101));
        assertThat(info().deliveryRate).as("100 bytes in 100 ms are no news").isEqualTo(200_000);
    }
}
