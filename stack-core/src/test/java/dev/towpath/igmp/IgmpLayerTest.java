package dev.towpath.igmp;

import static dev.towpath.testing.Host.HOST;
import static dev.towpath.testing.Host.PEER;
import static dev.towpath.testing.Host.PEER_MAC;
import static dev.towpath.testing.Host.SECOND;
import static dev.towpath.testing.TestPackets.IPV4;
import static dev.towpath.testing.TestPackets.ethernet;
import static dev.towpath.testing.TestPackets.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.towpath.ip.SourceFilter;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.Host;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.wire.Checksum;
import dev.towpath.wire.IgmpHeader;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.MacAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.IpV4Packet;

/** A host and a router on one link, in virtual time: what the router hears. */
class IgmpLayerTest {
    private static final IpAddress ALL_HOSTS = IpAddress.parse("224.0.0.1");
    private static final IpAddress GROUP = IpAddress.parse("239.1.2.3");
    private static final IpAddress OTHER = IpAddress.parse("239.1.2.4");
    private static final IpAddress A = IpAddress.parse("198.51.100.1");
    private static final IpAddress B = IpAddress.parse("198.51.100.2");
    private static final SourceFilter ALL = SourceFilter.ALL;
    private static final SourceFilter NONE = SourceFilter.NONE;

    private final Host host = new Host();

    @AfterEach
    void nothingLeaks() {
        host.closesClean();
    }

    // ---- changes

    @Test
    @Covers(Requirement.IGMP_CHANGES)
    void aJoinIsReportedAtOnceAndOnceMore() { // RFC 9776 section 5.1, with a robustness of 2
        wants(GROUP, NONE, ALL);
        says("224.0.0.22: TO_EX 239.1.2.3 []");
        host.advance(SECOND);
        says("224.0.0.22: TO_EX 239.1.2.3 []");
        host.advance(100 * SECOND);
        says();
        assertThat(host.mib.value(Counter.IGMP_OUT_REPORTS)).isEqualTo(2);
    }

    @Test
    void aMessageHasTtlOneAndAsksRoutersToLook() { // RFC 9776 section 4
        wants(GROUP, NONE, ALL);
        EthernetPacket sent = host.sentOne();
        assertThat(sent.getHeader().getDstAddr()).hasToString("01:00:5e:00:00:16");
        IpV4Packet.IpV4Header header = sent.get(IpV4Packet.class).getHeader();
        assertThat(header.getTtlAsInt()).isEqualTo(1);
        assertThat(header.getTos().value()).isEqualTo((byte) 0xc0);
        assertThat(header.getSrcAddr().getHostAddress()).isEqualTo(HOST.toString());
        assertThat(header.getOptions()).hasSize(1);
        assertThat(header.getOptions().get(0).getRawData()).isEqualTo(new byte[] {(byte) 0x94, 4, 0, 0});
    }

    @Test
    @Covers(Requirement.IGMP_CHANGES)
    void aLeaveIsReportedAtOnceAndOnceMore() {
        joined(GROUP, ALL);
        wants(GROUP, ALL, NONE);
        says("224.0.0.22: TO_IN 239.1.2.3 []");
        host.advance(SECOND);
        says("224.0.0.22: TO_IN 239.1.2.3 []");
        host.advance(100 * SECOND);
        says();
    }

    @Test
    @Covers(Requirement.IGMP_CHANGES)
    void sourcesComeAndGoWithoutAChangeOfMode() {
        wants(GROUP, NONE, only(A));
        says("224.0.0.22: ALLOW 239.1.2.3 [198.51.100.1]");
        wants(GROUP, only(A), only(B));
        says("224.0.0.22: ALLOW 239.1.2.3 [198.51.100.2], BLOCK 239.1.2.3 [198.51.100.1]");
        host.advance(2 * SECOND);
        says("224.0.0.22: ALLOW 239.1.2.3 [198.51.100.2], BLOCK 239.1.2.3 [198.51.100.1]");
        wants(GROUP, only(B), NONE);
        host.advance(2 * SECOND);
        says("224.0.0.22: BLOCK 239.1.2.3 [198.51.100.2]", "224.0.0.22: BLOCK 239.1.2.3 [198.51.100.2]");
    }

    @Test
    @Covers(Requirement.IGMP_CHANGES)
    void aBlockedSourceIsReportedAsSuchAndThenAllowed() {
        joined(GROUP, ALL);
        wants(GROUP, ALL, allBut(A));
        says("224.0.0.22: BLOCK 239.1.2.3 [198.51.100.1]");
        wants(GROUP, allBut(A), ALL);
        says("224.0.0.22: ALLOW 239.1.2.3 [198.51.100.1]");
        host.advance(2 * SECOND);
        says("224.0.0.22: ALLOW 239.1.2.3 [198.51.100.1]");
    }

    @Test
    @Covers(Requirement.IGMP_CHANGES)
    void whileAChangeOfModeIsRepeatedSourcesAreReportedWithIt() { // RFC 9776 section 5.1: the merged report
        wants(GROUP, NONE, ALL);
        wants(GROUP, ALL, allBut(A));
        says("224.0.0.22: TO_EX 239.1.2.3 []", "224.0.0.22: TO_EX 239.1.2.3 [198.51.100.1]");
        host.advance(2 * SECOND);
        says("224.0.0.22: BLOCK 239.1.2.3 [198.51.100.1]");
    }

    @Test
    @Covers(Requirement.SOURCE_FILTERS)
    void routersHearWhatAllListenersTogetherWant() { // RFC 9776 section 3.2
        joined(GROUP, only(A));
        wants(GROUP, NONE, allBut(A, B));
        says("224.0.0.22: TO_EX 239.1.2.3 [198.51.100.2]"); // somebody wants A
        wants(GROUP, NONE, ALL);
        says("224.0.0.22: TO_EX 239.1.2.3 []");
        wants(GROUP, NONE, ALL);
        says();
        wants(GROUP, ALL, NONE);
        wants(GROUP, ALL, NONE);
        host.advance(5 * SECOND);
        host.device.sent();
        wants(GROUP, allBut(A, B), NONE);
        says("224.0.0.22: TO_IN 239.1.2.3 [198.51.100.1]");
    }

    @Test
    void allHostsAndLoopbackAreNotReported() { // RFC 9776 section 6: no messages about 224.0.0.1
        wants(ALL_HOSTS, NONE, ALL);
        host.ip.listen(host.lo.index(), GROUP, NONE, ALL);
        host.advance(10 * SECOND);
        says();
        query(0, 0, ALL_HOSTS);
        host.advance(20 * SECOND);
        says();
    }

    // ---- queries

    @Test
    @Covers(Requirement.IGMP_QUERIES)
    void aGeneralQueryIsAnsweredForAllGroupsInOneReport() {
        joined(GROUP, ALL);
        joined(OTHER, only(A));
        query(100, 0, ALL_HOSTS);
        says();
        host.advance(10 * SECOND);
        says("224.0.0.22: IS_EX 239.1.2.3 [], IS_IN 239.1.2.4 [198.51.100.1]");
        host.advance(100 * SECOND);
        says();
    }

    @Test
    @Covers(Requirement.IGMP_QUERIES)
    void aGroupQueryIsAnsweredForThatGroupWithinItsTime() {
        joined(GROUP, allBut(B));
        joined(OTHER, ALL);
        query(10, GROUP.v4(), GROUP);
        host.advance(SECOND);
        says("224.0.0.22: IS_EX 239.1.2.3 [198.51.100.2]");
        query(10, IpAddress.parse("239.9.9.9").v4(), ALL_HOSTS);
        host.advance(SECOND);
        says();
    }

    @Test
    @Covers(Requirement.IGMP_QUERIES)
    void aQueryAboutSourcesIsAnsweredForThoseThatAreWanted() { // RFC 9776 section 5.2: A*B, and B-A
        joined(GROUP, only(A));
        query(10, GROUP.v4(), GROUP, A, B);
        host.advance(SECOND);
        says("224.0.0.22: IS_IN 239.1.2.3 [198.51.100.1]");
        query(10, GROUP.v4(), GROUP, B);
        host.advance(SECOND);
        says();
        joined(OTHER, allBut(A));
        query(10, OTHER.v4(), OTHER, A, B);
        host.advance(SECOND);
        says("224.0.0.22: IS_IN 239.1.2.4 [198.51.100.2]");
    }

    @Test
    @Covers(Requirement.IGMP_QUERIES)
    void queriesThatComeTogetherAreAnsweredTogether() { // RFC 9776 section 5.2, rules 1, 4 and 5
        joined(GROUP, ALL);
        query(100, GROUP.v4(), GROUP, A);
        query(100, GROUP.v4(), GROUP, B);
        host.advance(10 * SECOND);
        says("224.0.0.22: IS_IN 239.1.2.3 [198.51.100.1, 198.51.100.2]");
        query(100, GROUP.v4(), GROUP, A);
        query(100, GROUP.v4(), GROUP);
        query(100, GROUP.v4(), GROUP, B);
        host.advance(10 * SECOND);
        says("224.0.0.22: IS_EX 239.1.2.3 []");
        query(0, 0, ALL_HOSTS); // at once
        query(100, GROUP.v4(), GROUP, A);
        host.advance(10 * SECOND);
        says("224.0.0.22: IS_EX 239.1.2.3 []");
    }

    @Test
    void aFloodOfSourcesIsAnsweredForTheGroup() { // RFC 9776 section 9.1
        joined(GROUP, ALL);
        IpAddress[] many =
                IntStream.range(0, 300).mapToObj(i -> IpAddress.v4(A.v4() + i)).toArray(IpAddress[]::new);
        query(10, GROUP.v4(), GROUP, many);
        host.advance(SECOND);
        says("224.0.0.22: IS_EX 239.1.2.3 []");
    }

    @Test
    void theQueriersRobustnessSaysHowOftenAChangeIsReported() { // RFC 9776 section 4.1.6
        query(10, 0, ALL_HOSTS, 4);
        wants(GROUP, NONE, ALL);
        host.advance(10 * SECOND);
        assertThat(said()).filteredOn("224.0.0.22: TO_EX 239.1.2.3 []"::equals).hasSize(4);
    }

    @Test
    @Covers(Requirement.IGMP_SPLIT)
    void whatDoesNotFitGoesIntoSeveralReports() {
        List<IpAddress> many =
                IntStream.range(0, 400).mapToObj(i -> IpAddress.v4(A.v4() + i)).toList();
        wants(GROUP, NONE, SourceFilter.of(false, many));
        List<EthernetPacket> sent = host.device.sent();
        assertThat(sent).hasSize(2);
        assertThat(sent.get(0).length()).isEqualTo(14 + 1500);
        String all = String.join("", sent.stream().map(IgmpLayerTest::text).toList());
        assertThat(many).allSatisfy(source -> assertThat(all).contains(source.toString()));
        wants(OTHER, NONE, SourceFilter.of(true, many));
        assertThat(host.device.sent()).hasSize(1); // a list of whom not to send can't be divided
    }

    // ---- older queriers

    @Test
    @Covers({Requirement.IGMP_FALLBACK, Requirement.IGMP_V2})
    void aQuerierOfVersionTwoIsAnsweredInItsVersion() {
        joined(GROUP, ALL);
        queryOld(100, IpAddress.ANY_V4, ALL_HOSTS);
        host.advance(10 * SECOND);
        says("239.1.2.3: V2 239.1.2.3");
        wants(OTHER, NONE, ALL);
        host.advance(10 * SECOND);
        says("239.1.2.4: V2 239.1.2.4", "239.1.2.4: V2 239.1.2.4");
        queryOld(10, GROUP, GROUP);
        host.advance(SECOND);
        says("239.1.2.3: V2 239.1.2.3");
        wants(GROUP, ALL, NONE);
        says("224.0.0.2: LEAVE 239.1.2.3");
    }

    @Test
    @Covers(Requirement.IGMP_V2)
    void whereAnotherHasReportedTheGroupTheHostIsSilent() { // RFC 2236 section 3
        joined(GROUP, ALL);
        queryOld(100, IpAddress.ANY_V4, ALL_HOSTS);
        arrives(GROUP, message(IgmpHeader.REPORT_V2, 0, GROUP.v4()));
        host.advance(20 * SECOND);
        says();
        wants(GROUP, ALL, NONE);
        says(); // the other one will leave
        assertThat(host.mib.value(Counter.IGMP_IN_REPORTS)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.IGMP_FALLBACK)
    void aQuerierOfVersionOneIsAnsweredInItsVersionAndNothingIsLeft() {
        joined(GROUP, ALL);
        queryOld(0, IpAddress.ANY_V4, ALL_HOSTS);
        host.advance(10 * SECOND);
        says("239.1.2.3: V1 239.1.2.3");
        wants(GROUP, ALL, NONE);
        host.advance(10 * SECOND);
        says();
    }

    @Test
    @Covers(Requirement.IGMP_FALLBACK)
    void whenNoOlderQuerierIsHeardAnyMoreItIsVersionThreeAgain() { // RFC 9776 section 8.12: 2 * 125 s + 10 s
        joined(GROUP, ALL);
        queryOld(100, IpAddress.ANY_V4, ALL_HOSTS);
        host.advance(259 * SECOND);
        host.device.sent();
        query(0, 0, ALL_HOSTS);
        host.advance(0);
        says("239.1.2.3: V2 239.1.2.3");
        host.advance(SECOND);
        query(0, 0, ALL_HOSTS);
        host.advance(0);
        says("224.0.0.22: IS_EX 239.1.2.3 []");
    }

    @Test
    @Covers(Requirement.IGMP_FALLBACK)
    void aChangeOfVersionCancelsWhatWasStillToBeSaid() { // RFC 9776 section 7.2.1
        wants(GROUP, NONE, ALL);
        wants(OTHER, NONE, ALL);
        wants(OTHER, ALL, NONE);
        host.device.sent();
        queryOld(100, IpAddress.ANY_V4, ALL_HOSTS);
        host.advance(10 * SECOND);
        says("239.1.2.3: V2 239.1.2.3");
    }

    // ---- what is not to be believed

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "1100000000000000000000, IGMP_BAD_LENGTH",
        "1164000000, IGMP_TOO_SHORT",
        "116400000a000001, IGMP_BAD_GROUP",
        "1164000000000000020000020a000001, IGMP_TOO_SHORT",
        "2200000000000000, IGMP_IGNORED",
        "17000000ef010203, IGMP_IGNORED",
        "16000000ef010203, IGMP_IGNORED",
        "9900000000000000, IGMP_IGNORED"
    })
    @Covers(Requirement.IGMP_BAD_MESSAGES)
    void dropsWhatIsNoQuery(String hex, DropReason reason) {
        byte[] message = new byte[hex.length() / 2];
        for (int i = 0; i < message.length; i++) {
            message[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
        }
        arrives(ALL_HOSTS, summed(message));
        assertThat(host.dropped()).containsExactly(entry(reason, 1L));
        host.advance(20 * SECOND);
        says();
    }

    @Test
    @Covers(Requirement.IGMP_BAD_MESSAGES)
    void dropsAWrongChecksum() {
        joined(GROUP, ALL);
        byte[] query = message(IgmpHeader.QUERY, 100, 0);
        query[3]++;
        arrives(ALL_HOSTS, query);
        assertThat(host.dropped()).containsExactly(entry(DropReason.IGMP_BAD_CHECKSUM, 1L));
        assertThat(host.mib.value(Counter.IGMP_IN_CSUM_ERRORS)).isEqualTo(1);
        host.advance(20 * SECOND);
        says();
    }

    @Test
    void theEndOfTheStackIsALeave() {
        joined(GROUP, ALL);
        joined(OTHER, only(A));
        host.igmp.close();
        says("224.0.0.22: TO_IN 239.1.2.3 [], BLOCK 239.1.2.4 [198.51.100.1]");
    }

    // ---- helpers

    private static SourceFilter only(IpAddress... sources) {
        return SourceFilter.of(false, List.of(sources));
    }

    private static SourceFilter allBut(IpAddress... sources) {
        return SourceFilter.of(true, List.of(sources));
    }

    /** One listener wants something else. */
    private void wants(IpAddress group, SourceFilter before, SourceFilter after) {
        host.ip.listen(host.eth.index(), group, before, after);
    }

    /** One listener has joined, and that has been reported. */
    private void joined(IpAddress group, SourceFilter filter) {
        wants(group, NONE, filter);
        host.advance(5 * SECOND);
        host.device.sent();
    }

    private void query(int code, int group, IpAddress to, IpAddress... sources) {
        query(code, group, to, 0, sources);
    }

    private void query(int code, int group, IpAddress to, int robustness, IpAddress... sources) {
        ByteBuffer query = ByteBuffer.allocate(12 + 4 * sources.length);
        query.put(message(IgmpHeader.QUERY, code, group));
        query.put((byte) robustness).put((byte) 125).putShort((short) sources.length);
        for (IpAddress source : sources) {
            query.putInt(source.v4());
        }
        query.putShort(2, (short) 0);
        arrives(to, summed(query.array()));
    }

    private void queryOld(int code, IpAddress group, IpAddress to) {
        arrives(to, message(IgmpHeader.QUERY, code, group.v4()));
    }

    private static byte[] message(int type, int code, int group) {
        return summed(ByteBuffer.allocate(8)
                .put((byte) type)
                .put((byte) code)
                .putInt(4, group)
                .array());
    }

    private static byte[] summed(byte[] message) {
        ByteBuffer words = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer.wrap(message).putShort(2, (short) Checksum.finish(Checksum.sum(words, 0, message.length)));
        return message;
    }

    private void arrives(IpAddress to, byte[] message) {
        MacAddress mac = new MacAddress(0x0100_5e00_0000L | (to.v4() & 0x7f_ffff));
        byte[] packet =
                ip(PEER, to, IgmpLayer.PROTOCOL, message).options(0x94, 4, 0, 0).bytes();
        host.receives(ethernet(mac, PEER_MAC, IPV4, packet));
    }

    private void says(String... messages) {
        assertThat(said()).containsExactly(messages);
    }

    private List<String> said() {
        return new ArrayList<>(
                host.device.sent().stream().map(IgmpLayerTest::text).toList());
    }

    private static String text(EthernetPacket frame) {
        IpV4Packet packet = frame.get(IpV4Packet.class);
        byte[] raw = packet.getPayload().getRawData();
        ByteBuffer bytes = ByteBuffer.wrap(raw);
        ByteBuffer words = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(IgmpHeader.checksumValid(words, 0, raw.length)).isTrue();
        String to = packet.getHeader().getDstAddr().getHostAddress() + ": ";
        return to
                + switch (bytes.get(0)) {
                    case IgmpHeader.REPORT_V1 -> "V1 " + IpAddress.v4(bytes.getInt(4));
                    case IgmpHeader.REPORT_V2 -> "V2 " + IpAddress.v4(bytes.getInt(4));
                    case IgmpHeader.LEAVE -> "LEAVE " + IpAddress.v4(bytes.getInt(4));
                    default -> records(bytes);
                };
    }

    private static String records(ByteBuffer bytes) {
        List<String> names = List.of("", "IS_IN", "IS_EX", "TO_IN", "TO_EX", "ALLOW", "BLOCK");
        StringJoiner text = new StringJoiner(", ");
        int at = 8;
        for (int i = 0; i < bytes.getShort(6); i++) {
            List<IpAddress> sources = new ArrayList<>();
            for (int s = 0; s < bytes.getShort(at + 2); s++) {
                sources.add(IpAddress.v4(bytes.getInt(at + 8 + 4 * s)));
            }
            text.add(names.get(bytes.get(at)) + " " + IpAddress.v4(bytes.getInt(at + 4)) + " " + sources);
            at += 8 + 4 * sources.size();
        }
        assertThat(at).as("records fill the report").isLessThanOrEqualTo(bytes.capacity());
        return text.toString();
    }
}
