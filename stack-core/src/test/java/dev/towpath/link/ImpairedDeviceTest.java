package dev.towpath.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.testing.Allocations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImpairedDeviceTest {
    private static final long MILLI = 1_000_000L;
    private static final Impairment NONE = Impairment.NONE;

    /** When a frame with which number came out. */
    private record Arrival(long nanos, int number) {}

    private final FramePool pool = new FramePool();

    @AfterEach
    void everyFrameIsGivenBack() {
        assertThat(pool.taken()).isZero();
    }

    /**
     * Sends numbered frames at intervals and lets time jump from event to event; returns what comes out at the other
     * end.
     */
    private List<Arrival> transfer(Impairment impairment, long seed, int count, long intervalNanos) {
        MemoryWire wire = new MemoryWire(MemoryLink.PLAIN);
        ImpairedDevice device = new ImpairedDevice(wire.left(), impairment, NONE, seed, pool);
        List<Arrival> arrivals = new ArrayList<>();
        int sent = 0;
        long now = 0;
        while (true) {
            long nextSend = sent < count ? sent * intervalNanos : Long.MAX_VALUE;
            long next = Math.min(nextSend, device.nextEventNanos());
            if (next == Long.MAX_VALUE) {
                break;
            }
            assertThat(next).as("time stands still or goes back").isGreaterThanOrEqualTo(now);
            now = next;
            assertThat(device.receive(now)).isNull();
            if (now == nextSend) {
                boolean ignored = device.send(TestFrames.numbered(pool, sent++), now);
            }
            for (Frame frame = wire.right().receive(now);
                    frame != null;
                    frame = wire.right().receive(now)) {
                arrivals.add(new Arrival(now, TestFrames.number(frame)));
                frame.release();
            }
        }
        assertThat(device.outbound().frames()).isEqualTo(count);
        return arrivals;
    }

    private static List<Integer> numbers(List<Arrival> arrivals) {
        return arrivals.stream().map(Arrival::number).toList();
    }

    private static BitSet missing(List<Arrival> arrivals, int count) {
        BitSet missing = new BitSet();
        missing.set(0, count);
        arrivals.forEach(arrival -> missing.clear(arrival.number));
        return missing;
    }

    private static BitSet twice(List<Arrival> arrivals) {
        BitSet once = new BitSet();
        BitSet twice = new BitSet();
        for (Arrival arrival : arrivals) {
            (once.get(arrival.number) ? twice : once).set(arrival.number);
        }
        return twice;
    }

    @Test
    void aPerfectLinkDelaysNothing() {
        List<Arrival> arrivals = transfer(NONE, 1, 100, 7);
        assertThat(arrivals).hasSize(100);
        for (int i = 0; i < 100; i++) {
            assertThat(arrivals.get(i)).isEqualTo(new Arrival(7L * i, i));
        }
    }

    @Test
    void theDelayIsExactToTheNanosecond() {
        List<Arrival> arrivals = transfer(NONE.withDelay(Duration.ofNanos(20_000_001)), 1, 100, MILLI);
        for (int i = 0; i < 100; i++) {
            assertThat(arrivals.get(i)).isEqualTo(new Arrival(i * MILLI + 20_000_001, i));
        }
    }

    @Test
    void theSameSeedGivesTheSameAndAnotherSeedAnother() {
        Impairment bad = NONE.withLoss(0.1)
                .withDuplication(0.1)
                .withReordering(0.1, Duration.ofMillis(3))
                .withCorruption(0.1)
                .withDelay(Duration.ofMillis(5))
                .withJitter(Duration.ofMillis(2))
                .withRate(10_000_000, 3000);
        List<Arrival> arrivals = transfer(bad, 1, 2000, 40_000);
        assertThat(transfer(bad, 1, 2000, 40_000)).isEqualTo(arrivals);
        assertThat(transfer(bad, 2, 2000, 40_000)).isNotEqualTo(arrivals);
    }

    @ParameterizedTest(name = "probability {0}")
    @CsvSource({"0, 0, 0", "0.01, 70, 130", "0.3, 2850, 3150", "1, 10000, 10000"})
    void asManyAreLostAndDuplicatedAsAsked(double probability, int least, int most) {
        int count = 10_000;
        assertThat(missing(transfer(NONE.withLoss(probability), 3, count, 10), count)
                        .cardinality())
                .isBetween(least, most);
        List<Arrival> doubled = transfer(NONE.withDuplication(probability), 3, count, 10);
        assertThat(twice(doubled).cardinality()).isBetween(least, most).isEqualTo(doubled.size() - count);
        assertThat(missing(doubled, count).cardinality()).isZero();
    }

    @Test
    void oneImpairmentDoesNotShiftAnother() {
        int count = 5000;
        Impairment loss = NONE.withLoss(0.05);
        BitSet lost = missing(transfer(loss, 9, count, 10), count);
        Impairment more = loss.withDuplication(0.2)
                .withReordering(0.2, Duration.ofNanos(35))
                .withCorruption(0.0)
                .withDelay(Duration.ofMillis(1))
                .withJitter(Duration.ofMillis(1));
        List<Arrival> arrivals = transfer(more, 9, count, 10);
        assertThat(missing(arrivals, count)).isEqualTo(lost);

        BitSet duplicated = twice(transfer(NONE.withDuplication(0.2), 9, count, 10));
        duplicated.andNot(lost);
        assertThat(twice(arrivals)).isEqualTo(duplicated);
    }

    @Test
    void bothDirectionsAndTwoKindsOfChanceAreIndependent() {
        int count = 10_000;
        BitSet lost = missing(transfer(NONE.withLoss(0.5), 4, count, 10), count);
        BitSet doubled = twice(transfer(NONE.withDuplication(0.5), 4, count, 10));
        lost.and(doubled);
        assertThat(lost.cardinality()).isBetween(2300, 2700);
    }

    @Test
    void jitterSpreadsArrivalsButKeepsTheOrder() {
        int count = 5000;
        Impairment jitter = NONE.withDelay(Duration.ofMillis(10)).withJitter(Duration.ofMillis(4));
        List<Arrival> dense = transfer(jitter, 5, count, 1000);
        assertThat(numbers(dense)).isSorted().hasSize(count);

        double sum = 0;
        for (Arrival arrival : transfer(jitter, 5, count, 5 * MILLI)) {
            long delay = arrival.nanos - 5 * MILLI * arrival.number;
            assertThat(delay).isBetween(10 * MILLI, 14 * MILLI);
            sum += delay;
        }
        assertThat(sum / count).isBetween(11.9 * MILLI, 12.1 * MILLI);
    }

    @Test
    void aFrameHeldBackIsOvertakenAndArrivesLateByTheExtraDelay() {
        Impairment late = NONE.withDelay(Duration.ofMillis(10)).withReordering(0.1, Duration.ofNanos(3 * MILLI + 500));
        List<Arrival> arrivals = transfer(late, 6, 1000, MILLI);
        assertThat(arrivals).hasSize(1000);
        TreeSet<Long> delays = new TreeSet<>();
        int held = 0;
        for (Arrival arrival : arrivals) {
            long delay = arrival.nanos - MILLI * arrival.number;
            delays.add(delay);
            held += delay > 10 * MILLI ? 1 : 0;
        }
        assertThat(delays).containsExactly(10 * MILLI, 13 * MILLI + 500);
        assertThat(held).isBetween(70, 130);
        assertThat(numbers(arrivals))
                .isNotEqualTo(numbers(arrivals).stream().sorted().toList());
    }

    @Test
    void theRateIsExactAndTheQueueBounded() {
        // 60 bytes at 480 kbit/s take 1 ms each; 10 fit into the queue behind the one on the link
        Impairment slow = NONE.withRate(480_000, 600);
        List<Arrival> paced = transfer(slow, 1, 20, MILLI);
        for (int i = 0; i < 20; i++) {
            assertThat(paced.get(i)).isEqualTo(new Arrival((i + 1) * MILLI, i));
        }
        List<Arrival> burst = transfer(slow, 1, 20, 0);
        assertThat(numbers(burst)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(burst.get(10).nanos).isEqualTo(11 * MILLI);

        List<Arrival> overloaded = transfer(slow, 1, 1000, MILLI / 2);
        assertThat(overloaded).hasSizeBetween(500, 520);
    }

    @Test
    void aSenderIsToldThatTheQueueIsFullButNotThatAFrameIsLost() {
        MemoryWire wire = new MemoryWire(MemoryLink.PLAIN);
        ImpairedDevice lossy = new ImpairedDevice(wire.left(), NONE.withLoss(1), NONE, 1, pool);
        assertThat(lossy.send(TestFrames.numbered(pool, 1), 0)).isTrue();
        assertThat(lossy.outbound()).isEqualTo(new ImpairmentCounts(1, 1, 0, 0, 0, 0, 0));

        ImpairedDevice slow = new ImpairedDevice(wire.left(), NONE.withRate(1000, 0), NONE, 1, pool);
        assertThat(slow.send(TestFrames.numbered(pool, 1), 0)).isTrue();
        assertThat(slow.send(TestFrames.numbered(pool, 2), 0)).isFalse();
        assertThat(slow.outbound()).isEqualTo(new ImpairmentCounts(2, 0, 0, 0, 0, 1, 0));
        slow.close();
    }

    @Test
    void exactlyOneBitIsFlipped() {
        MemoryWire wire = new MemoryWire(MemoryLink.PLAIN);
        ImpairedDevice device = new ImpairedDevice(wire.left(), NONE.withCorruption(1), NONE, 1, pool);
        TreeSet<Integer> places = new TreeSet<>();
        for (int i = 0; i < 10_000; i++) {
            Frame frame = TestFrames.numbered(pool, i);
            byte[] before = TestFrames.content(frame);
            device.send(frame, 0);
            byte[] after = TestFrames.content(TestFrames.received(wire.right(), 0));
            int flipped = 0;
            for (int at = 0; at < before.length; at++) {
                int difference = (before[at] ^ after[at]) & 0xff;
                flipped += Integer.bitCount(difference);
                if (difference != 0) {
                    places.add(8 * at + Integer.numberOfTrailingZeros(difference));
                }
            }
            assertThat(flipped).isEqualTo(1);
            frame.release();
        }
        assertThat(places).hasSize(8 * TestFrames.LENGTH);
    }

    @ParameterizedTest
    @ValueSource(bytes = {Frame.CHECKSUM_PARTIAL, Frame.CHECKSUM_VALID})
    void corruptionIsNotHiddenByOffload(byte state) {
        MemoryWire wire = new MemoryWire();
        ImpairedDevice device = new ImpairedDevice(wire.left(), NONE, NONE.withCorruption(1), 1, pool);
        Frame frame = TestFrames.numbered(pool, 1, 100);
        frame.checksum = state;
        frame.checksumStart = frame.start + 34;
        frame.checksumOffset = 16;
        Frame completed = Frame.unpooled(frame.capacity());
        frame.copyTo(completed);
        PartialChecksum.complete(completed);
        wire.right().send(frame, 0);

        assertThat(device.receive(0)).isSameAs(frame);
        assertThat(frame.checksum).isEqualTo(Frame.CHECKSUM_NONE);
        int flipped = 0;
        for (int at = frame.start; at < frame.end; at++) {
            flipped +=
                    Integer.bitCount((frame.bytes().get(at) ^ completed.bytes().get(at)) & 0xff);
        }
        assertThat(flipped).isEqualTo(1);
        frame.release();
    }

    @Test
    void whatIsReceivedIsImpairedToo() {
        MemoryWire wire = new MemoryWire(MemoryLink.PLAIN);
        Impairment delayed = NONE.withDelay(Duration.ofMillis(7)).withDuplication(1);
        ImpairedDevice device = new ImpairedDevice(wire.left(), NONE, delayed, 1, pool);
        wire.right().send(TestFrames.numbered(pool, 1), 100);
        assertThat(device.nextEventNanos()).isEqualTo(Long.MIN_VALUE);
        assertThat(device.receive(100)).isNull();
        assertThat(device.nextEventNanos()).isEqualTo(100 + 7 * MILLI);
        assertThat(device.receive(99 + 7 * MILLI)).isNull();
        Frame first = TestFrames.received(device, 100 + 7 * MILLI);
        Frame second = TestFrames.received(device, 100 + 7 * MILLI);
        assertThat(device.receive(Long.MAX_VALUE)).isNull();
        assertThat(second).isNotSameAs(first);
        assertThat(TestFrames.content(second)).isEqualTo(TestFrames.content(first));
        assertThat(device.inbound()).isEqualTo(new ImpairmentCounts(1, 0, 1, 0, 0, 0, 0));
        first.release();
        second.release();
    }

    @Test
    void offersNoOffloadAndLeavesTheRestToTheDevice() {
        MemoryWire wire = new MemoryWire();
        ImpairedDevice device = new ImpairedDevice(wire.left(), NONE, NONE, 1, pool);
        int[] wakeUps = new int[1];
        device.onArrival(() -> wakeUps[0]++);
        Frame frame = TestFrames.numbered(pool, 1);
        wire.right().send(frame, 0);
        assertThat(wakeUps[0]).isEqualTo(1);
        frame.release();
        assertThat(device.features()).isEqualTo(LinkFeatures.NONE);
        assertThat(device.mac()).isEqualTo(wire.left().mac());
        assertThat(device.mtu()).isEqualTo(1500);
        assertThat(device.deviceWait()).isNull();
    }

    @Test
    void closingLosesWhatIsOnItsWay() {
        MemoryWire wire = new MemoryWire(MemoryLink.PLAIN);
        Impairment slow = NONE.withDelay(Duration.ofSeconds(1)).withReordering(0.5, Duration.ofSeconds(1));
        ImpairedDevice device = new ImpairedDevice(wire.left(), slow, slow, 1, pool);
        for (int i = 0; i < 20; i++) {
            device.send(TestFrames.numbered(pool, i), 0);
            wire.right().send(TestFrames.numbered(pool, i), 0);
        }
        assertThat(device.receive(0)).isNull();
        assertThat(pool.taken()).isEqualTo(40);
        device.close();
        device.close();
        assertThat(device.send(TestFrames.numbered(pool, 0), 0)).isFalse();
        assertThat(device.receive(Long.MAX_VALUE)).isNull();
        assertThat(device.nextEventNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void framesOnTheirWayAreBounded() {
        MemoryWire wire = new MemoryWire(MemoryLink.PLAIN);
        ImpairedDevice device = new ImpairedDevice(wire.left(), NONE.withDelay(Duration.ofDays(1)), NONE, 1, pool);
        for (int i = 0; i <= ImpairedPath.MAX_FRAMES; i++) {
            assertThat(device.send(TestFrames.numbered(pool, i), i)).isEqualTo(i < ImpairedPath.MAX_FRAMES);
        }
        device.close();
    }

    @Test
    void valuesThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NONE.withLoss(1.1))
                .withMessageContaining("probability of loss");
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.withDuplication(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.withCorruption(-0.1));
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.withReordering(2, Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.withReordering(1, Duration.ofNanos(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.withDelay(Duration.ofNanos(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.withJitter(Duration.ofNanos(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.withRate(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.withRate(1, -1));
    }

    @Test
    void impairingAllocatesNothing() {
        MemoryWire wire = new MemoryWire(MemoryLink.PLAIN);
        Impairment bad = NONE.withLoss(0.1)
                .withDuplication(0.1)
                .withReordering(0.1, Duration.ofNanos(30))
                .withCorruption(0.1)
                .withDelay(Duration.ofNanos(50))
                .withRate(100_000_000_000L, 3000);
        ImpairedDevice device = new ImpairedDevice(wire.left(), bad, NONE, 1, pool);
        long[] now = new long[1];
        Allocations.assertNone(() -> {
            now[0] += 10;
            device.send(TestFrames.numbered(pool, 1), now[0]);
            for (Frame frame = wire.right().receive(0);
                    frame != null;
                    frame = wire.right().receive(0)) {
                frame.release();
            }
        });
        device.close();
    }
}
