package dev.towpath.ipv4;

import static dev.towpath.testing.Host.HOST;
import static dev.towpath.testing.Host.PEER;
import static dev.towpath.testing.Host.REMOTE;
import static dev.towpath.testing.Host.SECOND;
import static dev.towpath.testing.TestPackets.part;
import static dev.towpath.testing.TestPackets.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.towpath.arp.ArpConfig;
import dev.towpath.buffer.Frame;
import dev.towpath.ip.IpError;
import dev.towpath.ip.TransportHandler;
import dev.towpath.link.LinkFeatures;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.Host;
import dev.towpath.testing.TestPackets;
import dev.towpath.testing.TestPackets.Ip;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.Ipv4Header;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pcap4j.packet.IcmpV4CommonPacket;
import org.pcap4j.packet.IcmpV4TimeExceededPacket;
import org.pcap4j.packet.Packet;

class ReassemblyTest {
    private static final int PROTOCOL = 253;

    private final List<byte[]> delivered = new ArrayList<>();
    private int trafficClass;
    private Host host = host(Ipv4Config.DEFAULT);

    @AfterEach
    void nothingLeaks() {
        host.closesClean();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    @Covers(Requirement.REASSEMBLY_ANY_ORDER)
    void fragmentsInAnyOrderAndTwiceGiveTheDatagramOnce(long seed) {
        Random random = new Random(seed);
        byte[] data = pattern(1 + random.nextInt(65_515));
        List<Ip> fragments = cut(data, 8 * (1 + random.nextInt(180)), 5);
        for (int i = random.nextInt(5); i > 0; i--) {
            fragments.add(fragments.get(random.nextInt(fragments.size())));
        }
        Ip last = fragments.remove(random.nextInt(fragments.size()));
        Collections.shuffle(fragments, random);
        fragments.forEach(host::receives);
        int before = delivered.size();
        host.receives(last);
        if (before == 0) { // else the one kept back was one of a pair
            assertThat(delivered).containsExactly(data);
        }
        assertThat(delivered.get(0)).isEqualTo(data);
        assertThat(host.mib.value(Counter.IP_REASM_OKS)).isGreaterThanOrEqualTo(1);
    }

    @Test
    void aDatagramThatNeedsNoReassemblyIsNotTouched() {
        host.receives(TestPackets.ip(PEER, HOST, PROTOCOL, pattern(100)));
        assertThat(delivered).containsExactly(pattern(100));
        assertThat(host.mib.value(Counter.IP_REASM_REQDS)).isZero();
    }

    @Test
    void datagramsThatDifferInOneFieldAreKeptApart() {
        byte[] data = pattern(64);
        Ip[] firsts = {
            TestPackets.ip(PEER, HOST, PROTOCOL, part(data, 0, 32)).fragment(1, 0, true),
            TestPackets.ip(PEER, HOST, PROTOCOL, part(data, 0, 32)).fragment(2, 0, true),
            TestPackets.ip(REMOTE, HOST, PROTOCOL, part(data, 0, 32)).fragment(1, 0, true),
            TestPackets.ip(PEER, HOST, 254, part(data, 0, 32)).fragment(1, 0, true),
        };
        for (Ip first : firsts) {
            host.receives(first);
        }
        assertThat(delivered).isEmpty();
        host.receives(TestPackets.ip(PEER, HOST, PROTOCOL, part(data, 32, 64)).fragment(1, 32, false));
        assertThat(delivered).containsExactly(data);
    }

    @Test
    void anExactDuplicateIsIgnored() {
        byte[] data = pattern(64);
        host.receives(fragment(data, 0, 32, true));
        host.receives(fragment(data, 0, 32, true));
        assertThat(host.dropped()).containsExactly(entry(DropReason.FRAGMENT_DUPLICATE, 1L));
        host.receives(fragment(data, 32, 64, false));
        assertThat(delivered).containsExactly(data);
    }

    @Test
    @Covers(Requirement.REASSEMBLY_OVERLAP)
    void anOverlapPoisonsTheWholeDatagramAndWhatComesLaterOfIt() { // RFC 5722 section 4
        byte[] data = pattern(96);
        host.receives(fragment(data, 0, 32, true));
        host.receives(fragment(data, 24, 56, true));
        host.receives(fragment(data, 32, 64, true));
        host.receives(fragment(data, 64, 96, false));
        host.receives(fragment(data, 0, 32, true));
        assertThat(delivered).isEmpty();
        assertThat(host.dropped()).containsExactly(entry(DropReason.FRAGMENT_OVERLAP, 4L));
        assertThat(host.mib.value(Counter.IP_REASM_FAILS)).isEqualTo(1);
        assertThat(host.buffers.inUse()).isZero();
    }

    @Test
    @Covers(Requirement.REASSEMBLY_OVERLAP)
    void theSamePlaceWithOtherDataIsAnOverlap() {
        byte[] data = pattern(64);
        host.receives(fragment(data, 0, 32, true));
        byte[] other = data.clone();
        other[31]++;
        host.receives(fragment(other, 0, 32, true));
        host.receives(fragment(data, 32, 64, false));
        assertThat(delivered).isEmpty();
        assertThat(host.dropped()).containsExactly(entry(DropReason.FRAGMENT_OVERLAP, 2L));
    }

    @Test
    void twoEndsOrDataBehindTheEndContradict() {
        byte[] data = pattern(96);
        host.receives(fragment(data, 32, 64, false));
        host.receives(fragment(data, 64, 96, false));
        host.receives(TestPackets.ip(PEER, HOST, PROTOCOL, part(data, 32, 64)).fragment(6, 32, false));
        host.receives(TestPackets.ip(PEER, HOST, PROTOCOL, part(data, 64, 96)).fragment(6, 64, true));
        host.receives(TestPackets.ip(PEER, HOST, PROTOCOL, part(data, 64, 96)).fragment(7, 64, true));
        host.receives(TestPackets.ip(PEER, HOST, PROTOCOL, part(data, 32, 64)).fragment(7, 32, false));
        assertThat(host.dropped()).containsExactly(entry(DropReason.FRAGMENT_OVERLAP, 3L));
        assertThat(delivered).isEmpty();
    }

    @Test
    void aFragmentThatContradictsItselfIsDropped() {
        host.receives(TestPackets.ip(PEER, HOST, PROTOCOL, new byte[33]).fragment(1, 0, true)); // no multiple of 8
        host.receives(TestPackets.ip(PEER, HOST, PROTOCOL, new byte[0]).fragment(1, 0, true)); // nothing
        host.receives(TestPackets.ip(PEER, HOST, PROTOCOL, new byte[0]).fragment(1, 8, false));
        // Beyond 65,535: what once crashed hosts ("ping of death").
        host.receives(TestPackets.ip(PEER, HOST, PROTOCOL, new byte[1000]).fragment(1, 65_528, false));
        assertThat(host.dropped()).containsExactly(entry(DropReason.FRAGMENT_MALFORMED, 4L));
        assertThat(host.buffers.inUse()).isZero();
    }

    @Test
    void partsThatFitUnderAShortHeaderButNotUnderTheFirstOnesAreDropped() {
        byte[] data = pattern(65_515);
        List<Ip> fragments = cut(data, 32_000, 9);
        Ip first = fragments.remove(0);
        fragments.forEach(host::receives);
        host.receives(first.options(1, 1, 1, 0));
        assertThat(delivered).isEmpty();
        assertThat(host.dropped()).containsExactly(entry(DropReason.FRAGMENT_MALFORMED, 1L));
        assertThat(host.buffers.inUse()).isZero();
    }

    @Test
    void theHeaderIsThatOfTheFirstFragmentWithItsOptions() {
        byte[] data = pattern(64);
        host.receives(TestPackets.ip(PEER, HOST, PROTOCOL, part(data, 32, 64))
                .fragment(5, 32, false)
                .tos(0));
        host.receives(TestPackets.ip(PEER, HOST, PROTOCOL, part(data, 0, 32))
                .fragment(5, 0, true)
                .options(148, 4, 0, 0)
                .tos(0xb8));
        assertThat(delivered).containsExactly(data);
        assertThat(trafficClass).isEqualTo(0xb8);
    }

    @Test
    void theMarkOfCongestionOnAnyFragmentIsKept() { // RFC 3168 section 5.3
        byte[] data = pattern(64);
        host.receives(fragment(data, 0, 32, true).tos(2));
        host.receives(fragment(data, 32, 64, false).tos(3));
        assertThat(trafficClass).isEqualTo(3);
    }

    @Test
    @Covers(Requirement.REASSEMBLY_TIME_EXCEEDED)
    void whatDoesNotComeTogetherInAMinuteIsDroppedAndTheSenderTold() { // RFC 1122 section 3.3.2, RFC 792
        byte[] data = pattern(1000);
        host.receives(fragment(data, 0, 800, true));
        host.advance(60 * SECOND - 1);
        host.isQuiet();
        host.advance(1);
        assertThat(host.dropped()).containsExactly(entry(DropReason.FRAGMENT_TIMEOUT, 1L));
        assertThat(host.mib.value(Counter.IP_REASM_TIMEOUT)).isEqualTo(1);
        List<IcmpV4CommonPacket> errors = host.sent(IcmpV4CommonPacket.class);
        assertThat(errors).hasSize(1);
        assertThat(errors.get(0).getHeader().getCode().value()).isEqualTo((byte) 1);
        Packet quote = errors.get(0).get(IcmpV4TimeExceededPacket.class).getPayload();
        byte[] offending = fragment(data, 0, 800, true).bytes();
        assertThat(quote.getRawData()).isEqualTo(part(offending, 0, 548));
        assertThat(host.buffers.inUse()).isZero();
        host.receives(fragment(data, 800, 1000, false));
        assertThat(delivered).isEmpty();
    }

    @Test
    @Covers(Requirement.REASSEMBLY_TIME_EXCEEDED)
    void withoutTheFirstFragmentNobodyIsTold() {
        host.receives(fragment(pattern(64), 32, 64, false));
        host.advance(61 * SECOND);
        assertThat(host.dropped()).containsExactly(entry(DropReason.FRAGMENT_TIMEOUT, 1L));
        host.isQuiet();
    }

    @Test
    void aPoisonedDatagramIsForgottenInSilence() {
        byte[] data = pattern(64);
        host.receives(fragment(data, 0, 32, true));
        host.receives(fragment(data, 24, 56, true));
        host.advance(61 * SECOND);
        host.isQuiet();
        assertThat(host.wheel.armed()).isEqualTo(1); // the neighbour's
        host.receives(fragment(data, 0, 32, true));
        host.receives(fragment(data, 32, 64, false));
        assertThat(delivered).containsExactly(data);
    }

    @Test
    void eachDatagramHasItsOwnMinute() {
        byte[] data = pattern(64);
        host.receives(TestPackets.ip(PEER, HOST, PROTOCOL, part(data, 0, 32)).fragment(1, 0, true));
        host.advance(40 * SECOND);
        host.receives(TestPackets.ip(PEER, HOST, PROTOCOL, part(data, 0, 32)).fragment(2, 0, true));
        host.advance(20 * SECOND);
        assertThat(host.dropped()).containsExactly(entry(DropReason.FRAGMENT_TIMEOUT, 1L));
        host.advance(39 * SECOND);
        host.receives(TestPackets.ip(PEER, HOST, PROTOCOL, part(data, 32, 64)).fragment(2, 32, false));
        assertThat(delivered).hasSize(1);
    }

    @Test
    @Covers(Requirement.REASSEMBLY_ANY_ORDER)
    void oneSourceGetsAQuarterOfTheDatagrams() {
        host.closesClean();
        host = host(config(4 << 20, 16));
        byte[] data = pattern(64);
        host.receives(TestPackets.ip(REMOTE, HOST, PROTOCOL, part(data, 0, 32)).fragment(1, 0, true));
        for (int id = 1; id <= 100; id++) {
            host.receives(
                    TestPackets.ip(PEER, HOST, PROTOCOL, part(data, 0, 32)).fragment(id, 0, true));
        }
        assertThat(host.dropped()).containsExactly(entry(DropReason.FRAGMENT_MEMORY, 96L));
        host.receives(TestPackets.ip(REMOTE, HOST, PROTOCOL, part(data, 32, 64)).fragment(1, 32, false));
        host.receives(TestPackets.ip(PEER, HOST, PROTOCOL, part(data, 32, 64)).fragment(100, 32, false));
        assertThat(delivered).hasSize(2);
    }

    @Test
    void ofManySourcesTheOldestDatagramMakesRoom() {
        host.closesClean();
        host = host(config(4 << 20, 16));
        byte[] data = pattern(64);
        for (int i = 0; i < 20; i++) {
            IpAddress source = IpAddress.v4(REMOTE.v4() + i);
            host.receives(
                    TestPackets.ip(source, HOST, PROTOCOL, part(data, 0, 32)).fragment(1, 0, true));
        }
        assertThat(host.dropped()).containsExactly(entry(DropReason.FRAGMENT_MEMORY, 4L));
        IpAddress newest = IpAddress.v4(REMOTE.v4() + 19);
        host.receives(TestPackets.ip(newest, HOST, PROTOCOL, part(data, 32, 64)).fragment(1, 32, false));
        assertThat(delivered).hasSize(1);
    }

    @Test
    @Covers(Requirement.REASSEMBLY_ANY_ORDER)
    void memoryIsBoundedInBytesToo() {
        host.closesClean();
        host = host(config(1 << 20, 10_000));
        for (int i = 0; i < 1000; i++) {
            IpAddress source = IpAddress.v4(REMOTE.v4() + i);
            host.receives(TestPackets.ip(source, HOST, PROTOCOL, new byte[1400]).fragment(i, 48_000, true));
            assertThat(host.buffers.inUse()).isLessThanOrEqualTo(1 << 20);
        }
        assertThat(host.dropped()).containsOnlyKeys(DropReason.FRAGMENT_MEMORY);
    }

    @Test
    @Covers(Requirement.IP_ANY_SIZE)
    void theLargestDatagramFindsRoomHoweverLittleIsAllowed() {
        host.closesClean();
        host = host(config(1, 1));
        byte[] data = pattern(65_515);
        cut(data, 1480, 3).forEach(host::receives);
        assertThat(delivered).containsExactly(data);
    }

    private Host host(Ipv4Config config) {
        Host made = new Host(config, 1500, LinkFeatures.NONE).knowsPeer();
        made.ip.register(PROTOCOL, new TransportHandler() {
            @Override
            public void receive(Frame frame) {
                byte[] data = new byte[frame.end - frame.transport];
                frame.bytes().get(frame.transport, data);
                delivered.add(data);
                trafficClass = frame.trafficClass;
                int length = frame.end - frame.network;
                assertThat(Ipv4Header.validate(frame.bytes(), frame.words(), frame.network, length))
                        .isEqualTo(Ipv4Header.Fault.NONE);
                assertThat(Ipv4Header.totalLength(frame.bytes(), frame.network)).isEqualTo(length);
            }

            @Override
            public void receiveError(IpError error, int mtu, Frame quote) {}
        });
        return made;
    }

    private static Ipv4Config config(int bytes, int datagrams) {
        return new Ipv4Config(64, 60 * SECOND, bytes, datagrams, ArpConfig.DEFAULT);
    }

    private static Ip fragment(byte[] data, int from, int to, boolean more) {
        return TestPackets.ip(PEER, HOST, PROTOCOL, part(data, from, to)).fragment(5, from, more);
    }

    private static List<Ip> cut(byte[] data, int size, int identification) {
        List<Ip> fragments = new ArrayList<>();
        for (int from = 0; from < data.length; from += size) {
            int to = Math.min(data.length, from + size);
            fragments.add(TestPackets.ip(PEER, HOST, PROTOCOL, part(data, from, to))
                    .fragment(identification, from, to < data.length));
        }
        return fragments;
    }
}
