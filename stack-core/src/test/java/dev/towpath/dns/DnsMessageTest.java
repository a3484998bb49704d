package dev.towpath.dns;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.towpath.dns.ResourceRecord.Address;
import dev.towpath.dns.ResourceRecord.Alias;
import dev.towpath.wire.IpAddress;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pcap4j.packet.DnsPacket;

class DnsMessageTest {
    private static final int CASES_PER_SEED = 20_000;

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }

    private static DnsMessage parsed(byte[] bytes) {
        return requireNonNull(DnsMessage.parse(ByteBuffer.wrap(bytes)));
    }

    private static byte[] query(String name, int type, int id, boolean withEdns) {
        ByteBuffer query = new Question(DomainName.parse(name), type).query(id, withEdns);
        byte[] bytes = new byte[query.remaining()];
        query.get(bytes);
        return bytes;
    }

    @Test
    void aQueryIsAsTheRfcDrawsIt() {
        byte[] query = query("www.example.test", Question.A, 0xbeef, false);
        assertThat(query)
                .isEqualTo(hex(
                        "beef 0100 0001 0000 0000 0000" // ID, RD, one question
                                + "03777777 076578616d706c65 0474657374 00 0001 0001"));
    }

    @Test
    void aQueryWithEdnsSaysHowMuchFits() { // RFC 6891 section 6.1.2
        byte[] query = query("a", Question.PTR, 1, true);
        assertThat(query).isEqualTo(hex("0001 0100 0001 0000 0000 0001 0161 00 000c 0001 00 0029 04d0 00000000 0000"));
    }

    @Test
    void anotherCodecReadsTheQuery() throws Exception {
        byte[] query = query("www.example.test", Question.A, 0x1234, true);
        DnsPacket packet = DnsPacket.newPacket(query, 0, query.length);
        assertThat(packet.getHeader().getId()).isEqualTo((short) 0x1234);
        assertThat(packet.getHeader().isRecursionDesired()).isTrue();
        assertThat(packet.getHeader().getQuestions()).singleElement().satisfies(question -> {
            assertThat(question.getQName().decompress(query)).isEqualTo("www.example.test");
            assertThat(question.getQType().value()).isEqualTo((short) Question.A);
        });
    }

    @Test
    void aResponseIsRead() {
        byte[] bytes = Reply.to(7, "www.example.test", 1)
                .cname("www.example.test", 300, "web.example.test")
                .a("web.example.test", 60, "192.0.2.80")
                .answer(Reply.name("web.example.test"), 99, 60, new byte[] {1, 2, 3})
                .soa(3600, 120)
                .edns(0)
                .bytes();
        DnsMessage response = parsed(bytes);
        assertThat(response.id()).isEqualTo(7);
        assertThat(response.question()).isEqualTo(new Question(DomainName.parse("WWW.example.test"), Question.A));
        assertThat(response.negativeTtlSeconds()).isEqualTo(120);
        assertThat(response.answers().subList(0, 2))
                .containsExactly(
                        new ResourceRecord(
                                DomainName.parse("www.example.test"),
                                300,
                                new Alias(DomainName.parse("web.example.test"))),
                        new ResourceRecord(
                                DomainName.parse("web.example.test"), 60, new Address(IpAddress.parse("192.0.2.80"))));
        assertThat(response.answers().get(2).data()).isInstanceOf(ResourceRecord.Other.class);
    }

    @Test
    void ednsExtendsTheResponseCode() { // RFC 6891 section 6.1.3
        DnsMessage response = parsed(Reply.to(7, "a", 1).edns(1).bytes());
        assertThat(response.rcode()).isEqualTo(Rcode.BADVERS);
    }

    @Test
    void aTtlWithTheTopBitIsZero() { // RFC 2181 section 8
        DnsMessage response =
                parsed(Reply.to(7, "a", 1).a(0x8000_0001L, "192.0.2.1").bytes());
        assertThat(response.answers().get(0).ttlSeconds()).isZero();
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "'', no message",
        "0001 8180 0001 0000 0000, half a header",
        "0001 0100 0001 0000 0000 0000 0161 00 0001 0001, a query",
        "0001 a180 0001 0000 0000 0000 0161 00 0001 0001, another opcode",
        "0001 8180 0002 0000 0000 0000 0161 00 0001 0001 0161 00 0001 0001, two questions",
        "0001 8180 0001 0000 0000 0000 0161 00 0001 0003, another class",
        "0001 8180 0001 0000 0000 0000 0161 00 0001, the class is missing",
        "0001 8180 0001 0000 0000 0000 0161, the name does not end",
        "0001 8180 0001 0000 0000 0000 4161 00 0001 0001, a label of an unknown kind",
        "0001 8180 0001 0000 0000 0000 c00c 0001 0001, a pointer to itself",
        "0001 8180 0001 0000 0000 0000 0161 c00c 0001 0001, a name that goes round",
        "0001 8180 0001 0000 0000 0000 c010 0001 0001 0161 00, a pointer ahead",
        "0001 8180 0001 0000 0000 0000 c0, half a pointer",
        "0001 8180 0000 0001 0000 0000, the answer is missing",
        "0001 8180 0000 0001 0000 0000 00 0001 0001 00000000 0003 010203, an address of three bytes",
        "0001 8180 0000 0001 0000 0000 00 0001 0001 00000000 0005 01020304, an address beyond the end",
        "0001 8180 0000 0001 0000 0000 00 0005 0001 00000000 0004 01610000, an alias with more behind it",
        "0001 8180 0000 0001 0000 0000 00 0005 0001 00000000 0003 016101, an alias beyond its data",
        "0001 8180 0000 0000 0001 0000 00 0006 0001 00000000 0002 0000, an SOA without numbers",
    })
    void whatIsMalformedIsNoMessage(String bytes, String why) {
        assertThat(DnsMessage.parse(ByteBuffer.wrap(hex(bytes)))).as(why).isNull();
    }

    @Test
    void ofATruncatedResponseTheRecordsDoNotMatter() { // RFC 2181 section 9
        DnsMessage response = parsed(hex("0001 8380 0001 0009 0000 0000 0161 00 0001 0001 c0"));
        assertThat(response.truncated()).isTrue();
        assertThat(response.answers()).isEmpty();
    }

    @Test
    void aNameIsAtMost255BytesLong() {
        String longest = "a.".repeat(126) + "b"; // 127 labels of 2 bytes, and the root
        assertThat(DomainName.parse(longest)).hasToString(longest);
        assertThatThrownBy(() -> DomainName.parse(longest + "c")).hasMessageContaining("253 characters at most");
        assertThat(DomainName.parse(longest).within(DomainName.parse("d"))).isNull();

        ByteArrayOutputStream tooLong = new ByteArrayOutputStream();
        for (int i = 0; i < 127; i++) {
            tooLong.writeBytes(new byte[] {1, 'a'});
        }
        tooLong.writeBytes(new byte[] {1, 'b', 0});
        assertThat(DomainName.read(ByteBuffer.wrap(tooLong.toByteArray()), 0)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", ".a", "a b", "café.test", "a.b..", "\0.test"})
    void whatIsNoNameIsRefused(String text) {
        assertThatThrownBy(() -> DomainName.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a domain name: ");
    }

    @Test
    void aLabelHasAtMost63Characters() {
        assertThat(DomainName.parse("a".repeat(63)).toString()).hasSize(63);
        assertThatThrownBy(() -> DomainName.parse("a".repeat(64))).hasMessageContaining("1 to 63");
    }

    @Test
    void namesAreEqualWhateverTheirCase() { // RFC 4343
        DomainName small = DomainName.parse("www.example.test.");
        DomainName large = DomainName.parse("WWW.EXAMPLE.TEST");
        assertThat(small).isEqualTo(large).hasSameHashCodeAs(large).isNotEqualTo(DomainName.parse("ww.wexample.test"));
        assertThat(small.identical(large)).isFalse();
        assertThat(DomainName.parse("a[")).isNotEqualTo(DomainName.parse("a{")); // 0x20 apart, but no letters
    }

    @Test
    void randomCaseChangesNothingButTheCase() {
        DomainName name = DomainName.parse("a-long-name-of-many-letters.with.123-digits.and-so-on.example.test");
        DomainName mixed = name.inRandomCase(new SplittableRandom(1)::nextLong);
        assertThat(mixed).isEqualTo(name).doesNotHaveToString(name.toString());
        assertThat(mixed.identical(name)).isFalse();
    }

    @Test
    void strangeNamesArePrintedWithoutHarm() {
        byte[] bytes = {4, 'a', '.', 27, (byte) 0xff, 1, '\\', 0};
        DomainName name = requireNonNull(DomainName.read(ByteBuffer.wrap(bytes), 0));
        assertThat(name).hasToString("a\\.\\027\\255.\\\\");
        assertThat(name.isHostName()).isFalse();
    }

    static LongStream seeds() {
        return LongStream.range(0, 10);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void randomBytesDoNoHarm(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (int i = 0; i < CASES_PER_SEED; i++) {
                byte[] bytes = new byte[random.nextInt(120)];
                random.nextBytes(bytes);
                for (int at = 12; at < bytes.length; at++) { // more structure than chance alone would give
                    bytes[at] = random.nextInt(3) == 0 ? (byte) 0xc0 : (byte) (bytes[at] & 0x0f);
                }
                if (bytes.length > 3) {
                    bytes[2] = (byte) 0x80;
                }
                interpret(bytes);
            }
        });
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void damagedResponsesDoNoHarm(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] good = Reply.to(7, "www.example.test", 1)
                .cname("www.example.test", 300, "web.example.test")
                .a("web.example.test", 60, "192.0.2.80")
                .a(60, "192.0.2.81")
                .soa(3600, 120)
                .edns(0)
                .bytes();
        assertThat(DnsMessage.parse(ByteBuffer.wrap(good))).isNotNull();
        for (int i = 0; i < CASES_PER_SEED; i++) {
            byte[] bad = good.clone();
            for (int damage = 1 + random.nextInt(4); damage > 0; damage--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            interpret(random.nextBoolean() ? bad : Arrays.copyOf(bad, random.nextInt(bad.length + 1)));
        }
    }

    /** Everything that is done with what a stranger has sent. */
    private static void interpret(byte[] bytes) {
        DnsMessage message = DnsMessage.parse(ByteBuffer.wrap(bytes));
        if (message == null) {
            return;
        }
        message.answers().forEach(each -> assertThat(each.toString()).isNotEmpty());
        if (message.question() != null) {
            Answer answer = Answer.of(message.question(), message);
            assertThat(answer == null || answer.ttlSeconds() >= 0).isTrue();
        }
    }
}
