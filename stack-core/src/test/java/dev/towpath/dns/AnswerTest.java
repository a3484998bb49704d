package dev.towpath.dns;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.dns.ResourceRecord.Address;
import dev.towpath.dns.ResourceRecord.Data;
import dev.towpath.time.ManualClock;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What responses mean, and how long. */
class AnswerTest {
    private static final Question WWW = new Question(DomainName.parse("www.example.test"), Question.A);

    private final ManualClock clock = new ManualClock(0);
    private final AnswerCache cache = new AnswerCache(2, 3600, 600, clock);

    private static Reply reply() {
        return Reply.to(1, "www.example.test", 1);
    }

    private static @Nullable Answer read(Reply reply) {
        return Answer.of(WWW, requireNonNull(DnsMessage.parse(ByteBuffer.wrap(reply.bytes()))));
    }

    private static Answer answer(Reply reply) {
        return requireNonNull(read(reply));
    }

    private static Data address(String text) {
        return new Address(IpAddress.parse(text));
    }

    @Test
    void addressesComeInTheirOrderAndTheLeastTtlCounts() {
        Answer answer = answer(reply().a(60, "192.0.2.2").a(30, "192.0.2.1"));
        assertThat(answer).isEqualTo(new Answer(List.of(address("192.0.2.2"), address("192.0.2.1")), null, true, 30));
    }

    @Test
    void recordsOfOtherNamesAreNotTaken() {
        Answer answer =
                answer(reply().a("forged.example.test", 60, "192.0.2.66").a(60, "192.0.2.1"));
        assertThat(answer.records()).containsExactly(address("192.0.2.1"));
    }

    @Test
    void aliasesAreFollowedInWhateverOrder() {
        Answer answer = answer(reply().a("c.example.test", 60, "192.0.2.1")
                .cname("b.example.test", 20, "c.example.test")
                .cname("WWW.example.test", 40, "B.example.test"));
        assertThat(answer).isEqualTo(new Answer(List.of(address("192.0.2.1")), null, true, 20));
    }

    @Test
    void aChainThatLeadsOutOfTheResponseSaysWhereTo() {
        Answer answer = answer(reply().cname("www.example.test", 40, "www.example.net"));
        assertThat(answer).isEqualTo(new Answer(List.of(), DomainName.parse("www.example.net"), true, 0));
    }

    @Test
    void aChainWhoseEndHasNoAddressIsKnownToEndThere() { // RFC 2308 section 2.2
        Answer answer =
                answer(reply().cname("www.example.test", 40, "www.example.net").soa(3600, 100));
        assertThat(answer).isEqualTo(new Answer(List.of(), null, true, 40));
    }

    @Test
    void aChainWhoseEndDoesNotExist() { // RFC 6604
        Answer answer = answer(reply().rcode(3)
                .cname("www.example.test", 400, "gone.example.test")
                .soa(3600, 100));
        assertThat(answer).isEqualTo(new Answer(List.of(), null, false, 100));
    }

    @Test
    void aChainThatGoesRoundIsNoAnswer() {
        assertThat(read(reply().cname("www.example.test", 40, "b.example.test")
                        .cname("b.example.test", 40, "www.example.test")))
                .isNull();
    }

    @Test
    void theAbsenceOfANameLastsAsTheZoneSays() { // RFC 2308 section 5: the lesser of TTL and minimum
        assertThat(answer(reply().rcode(3).soa(3600, 60)).ttlSeconds()).isEqualTo(60);
        assertThat(answer(reply().rcode(3).soa(30, 60)).ttlSeconds()).isEqualTo(30);
        assertThat(answer(reply().soa(30, 60))).isEqualTo(new Answer(List.of(), null, true, 30));
    }

    @Test
    void withoutAZoneAnAbsenceIsNotRemembered() { // RFC 2308 section 5
        assertThat(answer(reply().rcode(3)).ttlSeconds()).isZero();
    }

    // The cache:

    private static Answer found(long ttl) {
        return answer(reply().a(ttl, "192.0.2.1"));
    }

    private void pass(long seconds) {
        clock.advance(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void anAnswerIsRememberedAsLongAsItsTtl() {
        cache.put(WWW, found(60));
        pass(59);
        assertThat(cache.get(WWW)).isEqualTo(found(60));
        assertThat(cache.get(new Question(WWW.name(), Question.PTR))).isNull();
        pass(1);
        assertThat(cache.get(WWW)).isNull();
    }

    @Test
    void butNotLongerThanTheMost() {
        cache.put(WWW, found(1_000_000));
        pass(3600);
        assertThat(cache.get(WWW)).isNull();
        cache.put(WWW, answer(reply().rcode(3).soa(3600, 3600)));
        pass(599);
        assertThat(cache.get(WWW)).isNotNull();
        pass(1);
        assertThat(cache.get(WWW)).isNull();
    }

    @Test
    void aTtlOfZeroIsForThisOnce() {
        cache.put(WWW, found(0));
        assertThat(cache.get(WWW)).isNull();
    }

    @Test
    void theLeastUsedGoesFirst() {
        Question a = new Question(DomainName.parse("a"), Question.A);
        Question b = new Question(DomainName.parse("b"), Question.A);
        cache.put(a, found(60));
        cache.put(b, found(60));
        assertThat(cache.get(a)).isNotNull();
        cache.put(WWW, found(60));
        assertThat(cache.get(b)).isNull();
        assertThat(cache.get(a)).isNotNull();
        assertThat(cache.get(WWW)).isNotNull();
        cache.clear();
        assertThat(cache.get(a)).isNull();
    }

    @Test
    void anAnswerOfHundredsOfAddressesIsNotKept() {
        Reply reply = reply();
        for (int i = 0; i < 257; i++) {
            reply.a(60, "192.0.2." + (i & 0xff));
        }
        cache.put(WWW, answer(reply));
        assertThat(cache.get(WWW)).isNull();
    }
}
