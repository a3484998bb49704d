package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.config.TcpConfig;
import dev.towpath.ip.IpError;
import dev.towpath.ip.TransportError;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What others say about our packets (RFC 9293 section 3.9.2.2, RFC 5927, RFC 1191). */
class IcmpErrorTest extends PacketScript {
    @ParameterizedTest
    @EnumSource(IpError.class)
    @Covers({Requirement.ICMP_HARD_ERRORS, Requirement.ICMP_SOFT_ERRORS})
    void noErrorEndsAnEstablishedConnection(IpError error) { // RFC 5927 section 5.2; RFC 9293 section 3.9.2.2, MUST-56
        established();
        app.writes(500);
        stack.sends(data(1, 501));
        peer.reports(error, 1);
        stack.sendsSomething();
        app.isFine();
        peer.sends(ack(501), data(1, 101));
        stack.replies(ack(101));
        app.reads(100);
    }

    @ParameterizedTest
    @CsvSource({
        "PORT_UNREACHABLE, CONNECTION_REFUSED",
        "PROTOCOL_UNREACHABLE, PROTOCOL_UNREACHABLE",
        "HOST_UNREACHABLE, HOST_UNREACHABLE",
        "NETWORK_UNREACHABLE, NETWORK_UNREACHABLE",
        "PROHIBITED, PROHIBITED"
    })
    void anErrorAboutOurSynEndsTheConnect(IpError error, TransportError told) { // RFC 5461 section 4.1
        app.connects();
        stack.sends(syn(0));
        peer.reports(error, 0);
        stack.isQuiet();
        app.isTold(told);
        assertThat(rig.timersArmed()).isZero();
        assertThat(rig.flows()).isZero();
    }

    @Test
    @Covers(Requirement.ICMP_CHECKED)
    void anErrorAboutSomethingElseIsIgnored() { // RFC 5927 section 4.1: the quoted number must be in flight
        app.connects();
        stack.sends(syn(0));
        peer.reports(IpError.PORT_UNREACHABLE, 1);
        peer.reports(IpError.PORT_UNREACHABLE, -1);
        app.isIn(State.SYN_SENT);
        app.isFine();
        assertThat(rig.dropped(DropReason.ICMP_BAD_QUOTE)).isEqualTo(2);
    }

    @Test
    @Covers(Requirement.ICMP_SOFT_ERRORS)
    void whatWasReportedExplainsALaterTimeOut() { // RFC 5461 section 2: a soft error is kept
        rig.config(TcpConfig.builder().dataR2Nanos(seconds(100).toNanos()).build());
        established();
        app.writes(500);
        stack.sends(data(1, 501));
        peer.reports(IpError.HOST_UNREACHABLE, 1);
        clock.advanceSeconds(300);
        stack.sendsSomething();
        app.isTold(TransportError.HOST_UNREACHABLE);
    }

    @Test
    @Covers(Requirement.PMTU_LOWERS)
    void tooBigMakesSegmentsSmallerAndSendsThemAgain() { // RFC 1191 section 6.4
        established(syn(0).mss(1460));
        app.writes(2920);
        stack.sends(data(1, 1461), data(1461, 2921));
        peer.reportsTooBig(1040, 1);
        stack.sends(data(1, 1001), data(1001, 2001), data(2001, 2921));
        peer.sends(ack(2921));
        app.writes(1500);
        stack.sends(data(2921, 3921), data(3921, 4421));
        assertThat(app.connection().sendMss()).isEqualTo(1000);
    }

    @Test
    @Covers(Requirement.PMTU_LOWERS)
    void tooBigIsNoSignOfCongestion() { // RFC 1191 section 6.4: the window stays
        established(syn(0).mss(1460));
        app.writes(60_000);
        assertThat(stack.sendsSomething()).hasSize(10);
        peer.reportsTooBig(1040, 1);
        int resent = stack.sendsSomething().stream()
                .mapToInt(sent -> sent.segment().payload().length)
                .sum();
        assertThat(resent).isGreaterThan(10_000);
    }

    @Test
    @Covers(Requirement.PMTU_PLATEAU)
    void anOldRouterNamesNoSize() { // RFC 1191 section 7.1: the next plateau
        established(syn(0).mss(1460));
        app.writes(1460);
        stack.sends(data(1, 1461));
        peer.reportsTooBig(0, 1);
        stack.sendsSomething();
        assertThat(app.connection().sendMss()).isBetween(1400, 1459);
    }

    @Test
    @Covers(Requirement.PMTU_FLOOR)
    void aTinySizeIsNotBelieved() { // RFC 5927 section 7: a forged message must not make us send crumbs
        established(syn(0).mss(1460));
        app.writes(1460);
        stack.sends(data(1, 1461));
        peer.reportsTooBig(68, 1);
        stack.sendsSomething();
        assertThat(app.connection().sendMss()).isGreaterThanOrEqualTo(500);
    }

    @Test
    @Covers(Requirement.PMTU_FLOOR)
    void aLargerSizeChangesNothing() {
        established(syn(0).mss(1460));
        app.writes(1460);
        stack.sends(data(1, 1461));
        peer.reportsTooBig(1500, 1);
        peer.reportsTooBig(9000, 1);
        stack.isQuiet();
        assertThat(app.connection().sendMss()).isEqualTo(1460);
    }

    @Test
    @Covers(Requirement.ICMP_CHECKED)
    void tooBigAboutWhatWasNeverSentIsIgnored() { // RFC 5927 section 7.2
        established(syn(0).mss(1460));
        app.writes(1460);
        stack.sends(data(1, 1461));
        peer.reportsTooBig(1040, 5000);
        peer.reportsTooBig(1040, -1000);
        stack.isQuiet();
        assertThat(app.connection().sendMss()).isEqualTo(1460);
    }
}
