package dev.towpath.dns;

import static dev.towpath.sim.Units.ms;
import static dev.towpath.sim.Units.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.sim.Host;
import dev.towpath.sim.Link;
import dev.towpath.sim.Network;
import dev.towpath.sim.Packet;
import dev.towpath.socket.ErrnoException;
import dev.towpath.wire.IpAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client and two name servers, in virtual time. */
class StubResolverTest {
    private static final String WWW = "www.example.test";
    private static final IpAddress WEB = IpAddress.parse("192.0.2.80");

    private final Network net = Network.withSeed(7);
    private final Host client = net.host("client").address("192.0.2.1/24");
    private final Host first = net.host("first").address("192.0.2.53/24");
    private final Host second = net.host("second").address("192.0.2.54/24");
    private final Host stranger = net.host("stranger").address("192.0.2.66/24");
    private final Link toClient;
    private final TestNameServer server = new TestNameServer();
    private final TestNameServer other = new TestNameServer();

    StubResolverTest() {
        var lan = net.lan("lan", first, second, stranger);
        toClient = net.connect(client, lan, link -> link.delay(ms(5)));
        server.serve(first);
        other.serve(second);
    }

    @AfterEach
    void close() {
        net.close();
    }

    private StubResolver.Builder described() {
        return StubResolver.builder(client.stack()).nameserver("192.0.2.53").seed(1);
    }

    private StubResolver withBoth() {
        return described().nameserver("192.0.2.54:53").build();
    }

    private static List<IpAddress> addresses(String... texts) {
        return Arrays.stream(texts).map(IpAddress::parse).toList();
    }

    private static AbstractThrowableAssert<?, ?> unknown(StubResolver names, String host) {
        return assertThatThrownBy(() -> names.lookup(host))
                .isExactlyInstanceOf(UnknownHostException.class)
                .hasMessageStartingWith("'" + host + "': ");
    }

    @Test
    void aNameHasTheAddressesThatTheServerSays() throws Exception {
        server.say(WWW, asked -> asked.reply().a(60, "192.0.2.80").a(60, "192.0.2.81"));
        assertThat(described().build().lookup(WWW)).isEqualTo(addresses("192.0.2.80", "192.0.2.81"));
        assertThat(server.log).containsExactly("udp www.example.test 1");
    }

    @Test
    void anAddressHasTheNameThatTheServerSays() throws Exception {
        server.say("80.2.0.192.in-addr.arpa", asked -> asked.reply().ptr(60, WWW));
        StubResolver names = described().build();
        assertThat(names.reverse(WEB)).isEqualTo(WWW);
        assertThatThrownBy(() -> names.reverse(IpAddress.parse("192.0.2.81")))
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("'192.0.2.81': the address has no name");
    }

    @Test
    void aNameThatNoHostCanHaveIsNotBelieved() {
        server.say("80.2.0.192.in-addr.arpa", asked -> asked.reply().ptr(60, "<script>.example.test"));
        assertThatThrownBy(() -> described().build().reverse(WEB)).isInstanceOf(UnknownHostException.class);
    }

    // What needs no server:

    @Test
    void addressesInTextAreWhatTheySay() throws Exception {
        StubResolver names = StubResolver.builder(client.stack()).build();
        assertThat(names.lookup("192.0.2.80")).containsExactly(WEB);
        assertThat(names.lookup("::ffff:192.0.2.80")).containsExactly(WEB);
        unknown(names, "fe80::1").hasMessageContaining("speaks IPv4");
        unknown(names, "192.0.2.256").hasMessageContaining("neither a name nor an address");
        unknown(names, "a:b:c").hasMessageContaining("neither a name nor an address");
        unknown(names, WWW).hasMessageContaining("no name servers are given");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST", "localhost.", "some.localhost"})
    void localhostIsThisHost(String name) throws Exception { // RFC 6761 section 6.3
        assertThat(described().build().lookup(name)).containsExactly(IpAddress.LOOPBACK_V4);
        assertThat(described().build().reverse(IpAddress.LOOPBACK_V4)).isEqualTo("localhost");
        assertThat(server.log).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"some.invalid", "address.onion"})
    void someNamesAreNotForDns(String name) {
        unknown(described().build(), name).hasMessageContaining("do not exist in DNS");
        assertThat(server.log).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a..b", "-", "a b"})
    void whatIsNoNameIsUnknown(String name) {
        unknown(described().build(), name);
        assertThat(server.log).filteredOn(line -> !line.equals("udp - 1")).isEmpty();
    }

    @Test
    void theOwnNameIsTheStacksAddress() throws Exception {
        StubResolver names = described().ownName("client").build();
        assertThat(names.lookup("Client")).isEqualTo(addresses("192.0.2.1"));
        assertThat(names.reverse(IpAddress.parse("192.0.2.1"))).isEqualTo("client");
        assertThat(server.log).isEmpty();
    }

    // Servers that do not answer, or not well:

    @Test
    void aLostQuestionIsAskedAgain() throws Exception {
        server.a(WWW, "192.0.2.80");
        toClient.from(client).dropIf(new FirstDatagrams(1)::test);
        Duration begin = net.now();
        assertThat(described().build().lookup(WWW)).containsExactly(WEB);
        assertThat(net.now().minus(begin)).isBetween(seconds(5), Duration.ofMillis(5100));
        assertThat(server.log).hasSize(1);
    }

    @Test
    void aLostAnswerToo() throws Exception {
        server.a(WWW, "192.0.2.80");
        toClient.to(client).dropIf(new FirstDatagrams(1)::test);
        StubResolver names = described().timeout(ms(300)).build();
        assertThat(names.lookup(WWW)).containsExactly(WEB);
        assertThat(server.log).hasSize(2);
        assertThat(names.counts()).isEqualTo(new Counts(1, 0, 0, 2, 0, 0, 1));
    }

    @Test
    void serversAreAskedInTurnUntilOneAnswers() throws Exception {
        server.otherwise(asked -> List.of());
        other.a(WWW, "192.0.2.80");
        assertThat(withBoth().lookup(WWW)).containsExactly(WEB);
        assertThat(server.log).hasSize(1);
        assertThat(other.log).hasSize(1);
        assertThat(net.now()).isBetween(seconds(5), seconds(6));
    }

    @Test
    void whenNobodyAnswersTheMessageSaysWhoDidWhat() {
        server.otherwise(asked -> List.of());
        other.otherwise((TestNameServer.Saying) asked -> asked.reply().rcode(2));
        StubResolver names = withBoth();
        unknown(names, WWW)
                .hasMessageContaining("no answer from 192.0.2.53:53 (no answer in time), "
                        + "192.0.2.54:53 (SERVFAIL, it could not find out) in 10.")
                .hasMessageEndingWith(" s and 2 attempts");
        assertThat(names.counts().failures()).isEqualTo(4);
    }

    @Test
    void whereNobodyListensTheNextServerIsAskedAtOnce() throws Exception {
        other.a(WWW, "192.0.2.80");
        StubResolver names = StubResolver.builder(client.stack())
                .nameserver("192.0.2.53:54")
                .nameserver("198.51.100.1")
                .nameserver("192.0.2.54")
                .build();
        assertThat(names.lookup(WWW)).containsExactly(WEB);
        assertThat(net.now()).isLessThan(seconds(1));
        unknown(StubResolver.builder(client.stack()).nameserver("192.0.2.53:54").build(), WWW)
                .hasMessageContaining("192.0.2.53:54 (nobody listens there)");
        unknown(StubResolver.builder(client.stack()).nameserver("198.51.100.1").build(), WWW)
                .hasMessageContaining("ENETUNREACH");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 9})
    void aServerThatCanNotTellLeavesItToTheNext(int rcode) throws Exception {
        server.say(WWW, asked -> asked.reply().rcode(rcode));
        other.a(WWW, "192.0.2.80");
        assertThat(withBoth().lookup(WWW)).containsExactly(WEB);
        assertThat(net.now()).isLessThan(seconds(1));
    }

    @Test
    void aServerThatOnlyRefersToOthersIsOfNoUse() throws Exception {
        server.say(WWW, asked -> asked.reply().flags(Reply.QR | Reply.RD));
        other.a(WWW, "192.0.2.80");
        assertThat(withBoth().lookup(WWW)).containsExactly(WEB);
    }

    @Test
    void rotationSpreadsTheQuestions() throws Exception {
        StubResolver names =
                described().nameserver("192.0.2.54").rotate(true).cache(0).build();
        for (int i = 0; i < 6; i++) {
            unknown(names, WWW);
        }
        assertThat(server.log).hasSize(3);
        assertThat(other.log).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void aServerWithoutEdnsIsAskedWithoutIt(int rcode) throws Exception { // RFC 6891 section 7
        server.say(
                WWW,
                asked -> !asked.edns()
                        ? asked.reply().a(60, "192.0.2.80")
                        : asked.reply().rcode(rcode));
        assertThat(described().build().lookup(WWW)).containsExactly(WEB);
        server.say(
                "old." + WWW,
                asked -> !asked.edns()
                        ? asked.reply().a(60, "192.0.2.80")
                        : asked.reply().rcode(1).withoutQuestion());
        assertThat(described().build().lookup("old." + WWW)).containsExactly(WEB);
        assertThat(server.log).hasSize(4);
    }

    @Test
    void aClosedStackAnswersNothing() {
        StubResolver names = described().build();
        client.stack().close();
        unknown(names, WWW).hasMessageContaining("is closed");
    }

    // Truncation:

    @Test
    void whatDoesNotFitInADatagramComesOverTcp() throws Exception { // RFC 7766 section 5
        server.say(WWW, asked -> {
            Reply reply = asked.reply();
            if (!asked.tcp()) {
                return reply.a(60, "192.0.2.66").truncated();
            }
            for (int i = 0; i < 200; i++) {
                reply.a(60, "192.0.2." + i);
            }
            return reply;
        });
        StubResolver names = described().build();
        assertThat(names.lookup(WWW)).hasSize(200).endsWith(IpAddress.parse("192.0.2.199"));
        assertThat(server.log).containsExactly("udp www.example.test 1", "tcp www.example.test 1");
        assertThat(names.counts().overTcp()).isEqualTo(1);
    }

    @Test
    void aServerThatClosesWithoutAnAnswerLeavesItToTheNext() throws Exception {
        first.listen(54, connection -> connection.onData((from, data) -> from.end()));
        first.udp(54, (port, from, data) -> {
            byte[] query = new byte[data.remaining()];
            data.get(query);
            port.send(from, ByteBuffer.wrap(Reply.to(query).truncated().bytes()));
        });
        other.a(WWW, "192.0.2.80");
        StubResolver names = StubResolver.builder(client.stack())
                .nameserver("192.0.2.53:54")
                .nameserver("192.0.2.54")
                .build();
        assertThat(names.lookup(WWW)).containsExactly(WEB);
        assertThat(net.now()).isLessThan(seconds(1));
    }

    @Test
    void aServerThatSaysNothingOverTcpIsGivenUpToo() throws Exception {
        server.on(WWW, asked -> asked.tcp() ? List.of() : List.of(asked.reply().truncated()));
        other.a(WWW, "192.0.2.80");
        assertThat(withBoth().lookup(WWW)).containsExactly(WEB);
        assertThat(net.now()).isBetween(seconds(5), seconds(6));
    }

    @Test
    void aServerWithoutTcpIsNoneForLongAnswers() throws Exception { // RFC 7766 section 5: it MUST have it
        first.udp(54, (port, from, data) -> {
            byte[] query = new byte[data.remaining()];
            data.get(query);
            port.send(from, ByteBuffer.wrap(Reply.to(query).truncated().bytes()));
        });
        unknown(StubResolver.builder(client.stack()).nameserver("192.0.2.53:54").build(), WWW)
                .hasMessageContaining("(nobody listens there)");
    }

    @Test
    void whatDoesNotAnswerTheQuestionIsIgnoredOverTcpToo() throws Exception {
        server.on(
                WWW,
                asked -> !asked.tcp()
                        ? List.of(asked.reply().truncated())
                        : List.of(
                                asked.reply().id(0x1234).a(60, "192.0.2.66"),
                                asked.reply().truncated(),
                                asked.reply().question("www.example.net", 1).a(60, "192.0.2.66"),
                                asked.reply().a(60, "192.0.2.80")));
        StubResolver names = described().build();
        assertThat(names.lookup(WWW)).containsExactly(WEB);
        assertThat(names.counts().ignored()).isEqualTo(3);
    }

    @Test
    void anAnswerMayComeInPieces() throws Exception { // RFC 7766 section 8
        first.udp(54, (port, from, data) -> {
            byte[] query = new byte[data.remaining()];
            data.get(query);
            port.send(from, ByteBuffer.wrap(Reply.to(query).truncated().bytes()));
        });
        first.listen(
                54,
                connection -> connection.onData((from, data) -> {
                    byte[] query = new byte[data.remaining() - 2];
                    data.getShort();
                    data.get(query);
                    byte[] answer = Reply.to(query).a(60, "192.0.2.80").bytes();
                    from.send(new byte[] {0});
                    net.after(ms(50), () -> from.send(new byte[] {(byte) answer.length}));
                    net.after(ms(100), () -> from.send(Arrays.copyOf(answer, 20)));
                    net.after(ms(150), () -> from.send(Arrays.copyOfRange(answer, 20, answer.length)));
                }));
        assertThat(StubResolver.builder(client.stack())
                        .nameserver("192.0.2.53:54")
                        .build()
                        .lookup(WWW))
                .containsExactly(WEB);
    }

    // Hostile answers (RFC 5452):

    @Test
    void whatDoesNotAnswerTheQuestionIsIgnored() throws Exception {
        server.on(
                WWW,
                asked -> List.of(
                        asked.reply().id(0x1234).a(60, "192.0.2.66"),
                        asked.reply().question("www.example.net", 1).a(60, "192.0.2.66"),
                        asked.reply().question(WWW, Question.PTR).a(60, "192.0.2.66"),
                        asked.reply().withoutQuestion().a(WWW, 60, "192.0.2.66"),
                        asked.reply().flags(Reply.RD).a(60, "192.0.2.66"), // a query
                        asked.reply().answer(new byte[] {(byte) 0xc0, 12}, 1, 60, new byte[3]), // malformed
                        asked.reply().a(60, "192.0.2.80")));
        StubResolver names = described().build();
        assertThat(names.lookup(WWW)).containsExactly(WEB);
        assertThat(names.counts().ignored()).isEqualTo(6);
        assertThat(names.counts().failures()).isZero();
    }

    @Test
    void whatAStrangerSaysIsNotHeard() throws Exception {
        var strange = stranger.udp(TestNameServer.PORT, (port, from, data) -> {});
        first.udp(54, (port, from, data) -> {
            byte[] query = new byte[data.remaining()];
            data.get(query);
            strange.send(
                    from, ByteBuffer.wrap(Reply.to(query).a(60, "192.0.2.66").bytes()));
            net.after(
                    ms(100),
                    () -> port.send(
                            from,
                            ByteBuffer.wrap(Reply.to(query).a(60, "192.0.2.80").bytes())));
        });
        assertThat(StubResolver.builder(client.stack())
                        .nameserver("192.0.2.53:54")
                        .build()
                        .lookup(WWW))
                .containsExactly(WEB);
    }

    @Test
    void noiseDoesNotMakeTheWaitLonger() {
        first.udp(54, (port, from, data) -> {
            byte[] query = new byte[data.remaining()];
            data.get(query);
            byte[] noise = Reply.to(query).question("www.example.net", 1).bytes();
            for (int i = 1; i < 40; i++) {
                net.after(ms(490L * i), () -> port.send(from, ByteBuffer.wrap(noise)));
            }
        });
        StubResolver names = StubResolver.builder(client.stack())
                .nameserver("192.0.2.53:54")
                .attempts(1)
                .build();
        unknown(names, WWW).hasMessageContaining("no answer in time");
        assertThat(net.now()).isBetween(seconds(5), Duration.ofMillis(5100));
        assertThat(names.counts().ignored()).isEqualTo(10);
    }

    @Test
    void anAnswerInAnotherCaseIsCheckedOverTcp() throws Exception {
        server.say(
                WWW,
                asked -> asked.tcp()
                        ? asked.reply().a(60, "192.0.2.80")
                        : asked.reply().question(WWW, 1).a(60, "192.0.2.66"));
        assertThat(described().build().lookup(WWW)).containsExactly(WEB);
        assertThat(server.log).containsExactly("udp www.example.test 1", "tcp www.example.test 1");
    }

    @Test
    void idPortAndCaseAreDifferentEachTime() throws Exception { // RFC 5452 section 9.2
        Set<Integer> ids = new HashSet<>();
        Set<Integer> ports = new HashSet<>();
        Set<String> cases = new HashSet<>();
        first.udp(54, (port, from, data) -> {
            byte[] query = new byte[data.remaining()];
            data.get(query);
            ids.add(DnsHeader.id(ByteBuffer.wrap(query)));
            ports.add(from.port());
            cases.add(new String(query, 12, 18, StandardCharsets.US_ASCII));
            port.send(from, ByteBuffer.wrap(Reply.to(query).a(0, "192.0.2.80").bytes()));
        });
        StubResolver names =
                StubResolver.builder(client.stack()).nameserver("192.0.2.53:54").build();
        for (int i = 0; i < 50; i++) {
            assertThat(names.lookup(WWW)).containsExactly(WEB);
        }
        assertThat(ids).hasSizeGreaterThan(45);
        assertThat(ports).hasSizeGreaterThan(45);
        assertThat(cases).hasSizeGreaterThan(45);
    }

    // Aliases:

    @Test
    void anAliasThatLeadsOutOfTheAnswerIsAskedFor() throws Exception {
        server.say(WWW, asked -> asked.reply().cname(WWW, 60, "web.example.net"));
        server.a("web.example.net", "192.0.2.80");
        assertThat(described().build().lookup(WWW)).containsExactly(WEB);
        assertThat(server.log).containsExactly("udp www.example.test 1", "udp web.example.net 1");
    }

    @Test
    void aliasesThatGoRoundEnd() {
        server.say(WWW, asked -> asked.reply().cname(WWW, 60, "b.example.test"));
        server.say("b.example.test", asked -> asked.reply().cname("b.example.test", 60, WWW));
        unknown(described().build(), WWW).hasMessageContaining("more than 16 aliases");
        server.say(
                "c.example.test",
                asked -> asked.reply().cname("c.example.test", 60, WWW).cname(WWW, 60, "c.example.test"));
        unknown(described().build(), "c.example.test").hasMessageContaining("its aliases lead nowhere");
    }

    // Memory:

    @Test
    void anAnswerIsRememberedAsLongAsItsTtl() throws Exception {
        server.a(WWW, "192.0.2.80");
        StubResolver names = described().build();
        assertThat(names.lookup(WWW)).isEqualTo(names.lookup("WWW.Example.TEST."));
        assertThat(server.log).hasSize(1);
        net.run(seconds(58));
        assertThat(names.lookup(WWW)).containsExactly(WEB);
        assertThat(server.log).hasSize(1);
        net.run(seconds(3));
        server.a(WWW, "192.0.2.81");
        assertThat(names.lookup(WWW)).isEqualTo(addresses("192.0.2.81"));
        assertThat(names.counts().fromCache()).isEqualTo(2);
        names.clearCache();
        assertThat(names.lookup(WWW)).isNotEmpty();
        assertThat(server.log).hasSize(3);
    }

    @Test
    void thatANameDoesNotExistIsRememberedToo() throws Exception { // RFC 2308
        StubResolver names = described().build();
        unknown(names, WWW).hasMessageContaining("NXDOMAIN");
        unknown(names, WWW).hasMessageContaining("NXDOMAIN");
        assertThat(server.log).hasSize(1);
        server.a(WWW, "192.0.2.80");
        net.run(seconds(61));
        assertThat(names.lookup(WWW)).containsExactly(WEB);
    }

    @Test
    void aNameWithoutAddressIsAnotherMatter() {
        server.say(WWW, asked -> asked.reply().soa(3600, 60));
        unknown(described().build(), WWW).hasMessageContaining("the name has no IPv4 address");
    }

    @Test
    void whoAsksWhileTheSameThreadAsksDoesNotWaitForItself() throws Exception { // all of a simulation is one thread
        server.a(WWW, "192.0.2.80");
        StubResolver names = described().build();
        List<IpAddress> meanwhile = new ArrayList<>();
        net.after(ms(6), () -> {
            try {
                meanwhile.addAll(names.lookup(WWW));
            } catch (UnknownHostException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(names.lookup(WWW)).containsExactly(WEB);
        assertThat(meanwhile).containsExactly(WEB);
    }

    @Test
    void failuresAreNotRemembered() throws Exception {
        StubResolver names = described().build();
        server.say(WWW, asked -> asked.reply().rcode(2));
        unknown(names, WWW).hasMessageContaining("SERVFAIL");
        server.a(WWW, "192.0.2.80");
        assertThat(names.lookup(WWW)).containsExactly(WEB);
    }

    @Test
    void anInterruptEndsTheWait() {
        server.otherwise(asked -> List.of());
        StubResolver names = described().build();
        Thread self = Thread.currentThread();
        net.after(seconds(1), self::interrupt);
        unknown(names, WWW).hasMessageContaining("interrupted").hasCauseInstanceOf(ErrnoException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(net.now()).isLessThan(seconds(2));
    }

    /** Matches the first UDP packets that it sees. */
    private static final class FirstDatagrams {
        private int left;

        FirstDatagrams(int count) {
            this.left = count;
        }

        boolean test(Packet packet) {
            return packet.isUdp() && left-- > 0;
        }
    }
}
