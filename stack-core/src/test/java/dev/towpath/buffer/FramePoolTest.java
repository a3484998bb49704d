package dev.towpath.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.towpath.testing.Allocations;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FramePoolTest {
    private final FramePool pool = new FramePool(4);

    @ParameterizedTest
    @CsvSource({"0, 2048", "1600, 2048", "2048, 2048", "2049, 67584", "67584, 67584"})
    void comesInTwoSizes(int asked, int capacity) {
        Frame frame = pool.take(asked);
        assertThat(frame.capacity()).isEqualTo(capacity);
        assertThat(frame.bytes().isDirect()).isTrue();
        assertThat(frame.bytes().order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        assertThat(frame.words().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(frame.words().capacity()).isEqualTo(capacity);
    }

    @Test
    void tooLargeIsTheCallersMistake() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pool.take(FramePool.LARGE + 1))
                .withMessageContaining("at most");
    }

    @Test
    void framesDoNotShareMemory() {
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Frame frame = pool.take(100);
            for (int at = 0; at < frame.capacity(); at++) {
                frame.bytes().put(at, (byte) i);
            }
            frames.add(frame);
        }
        for (int i = 0; i < 100; i++) {
            byte[] content = new byte[FramePool.SMALL];
            frames.get(i).words().get(0, content);
            assertThat(content).containsOnly((byte) i);
        }
        assertThat(pool.taken()).isEqualTo(100);
        frames.forEach(Frame::release);
        assertThat(pool.taken()).isZero();
    }

    @Test
    void theLastGivenIsTheFirstTakenAndNothingIsKnownAboutIt() {
        Frame first = pool.take(100);
        Frame second = pool.take(100);
        second.start = 96;
        second.end = 200;
        second.network = second.transport = second.payload = 7;
        second.checksum = Frame.CHECKSUM_PARTIAL;
        second.checksumStart = second.checksumOffset = second.segmentSize = second.interfaceIndex = 7;
        second.linkGroup = true;
        second.sourceHigh = second.sourceLow = second.destinationHigh = second.destinationLow = 7;
        second.protocol = second.hopLimit = second.trafficClass = 7;
        second.dueNanos = 7;
        first.release();
        second.release();

        assertThat(pool.take(100))
                .isSameAs(second)
                .usingRecursiveComparison()
                .comparingOnlyFields(KNOWLEDGE)
                .isEqualTo(Frame.unpooled(100));
        assertThat(pool.take(100)).isSameAs(first);
    }

    private static final String[] KNOWLEDGE = {
        "start",
        "end",
        "network",
        "transport",
        "payload",
        "checksum",
        "checksumStart",
        "checksumOffset",
        "segmentSize",
        "interfaceIndex",
        "linkGroup",
        "sourceHigh",
        "sourceLow",
        "destinationHigh",
        "destinationLow",
        "protocol",
        "hopLimit",
        "trafficClass",
        "dueNanos",
        "next",
    };

    @Test
    void releasingTwiceIsFound() {
        Frame frame = pool.take(100);
        frame.release();
        assertThatIllegalStateException().isThrownBy(frame::release).withMessageContaining("released before");
        assertThat(pool.taken()).isZero();
        assertThat(pool.take(100)).isSameAs(frame);
        assertThat(pool.take(100)).isNotSameAs(frame);
    }

    @Test
    void keepsOnlySoManyLargeOnes() {
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            frames.add(pool.take(FramePool.LARGE));
        }
        frames.forEach(Frame::release);
        assertThat(pool.taken()).isZero();
        assertThat(pool.freeLarges()).isEqualTo(4);
        for (int i = 0; i < 10; i++) {
            assertThat(frames.contains(pool.take(FramePool.LARGE))).isEqualTo(i < 4);
        }
        assertThat(pool.freeLarges()).isZero();
    }

    @Test
    void aCopyHasTheBytesAndTheKnowledge() {
        Frame frame = pool.take(100);
        frame.start = 96;
        frame.end = 300;
        frame.network = 110;
        frame.transport = 130;
        frame.payload = 150;
        frame.checksum = Frame.CHECKSUM_PARTIAL;
        frame.checksumStart = 130;
        frame.checksumOffset = 16;
        frame.segmentSize = 50;
        frame.interfaceIndex = 2;
        frame.linkGroup = true;
        frame.sourceHigh = 1;
        frame.sourceLow = 2;
        frame.destinationHigh = 3;
        frame.destinationLow = 4;
        frame.protocol = 6;
        frame.hopLimit = 64;
        frame.trafficClass = 3;
        frame.dueNanos = 12;
        for (int at = 96; at < 300; at++) {
            frame.bytes().put(at, (byte) at);
        }
        Frame copy = pool.take(frame.capacity());
        frame.copyTo(copy);

        assertThat(copy)
                .usingRecursiveComparison()
                .comparingOnlyFields(KNOWLEDGE)
                .isEqualTo(frame);
        assertThat(copy.length()).isEqualTo(204);
        for (int at = 96; at < 300; at++) {
            assertThat(copy.bytes().get(at)).isEqualTo((byte) at);
        }
    }

    @Test
    void anUnpooledFrameMayBeReleasedAndStaysUsable() {
        Frame frame = Frame.unpooled(64);
        frame.release();
        frame.bytes().putInt(0, 42);
        assertThat(frame.words().getInt(0)).isEqualTo(42 << 24);
        assertThat(frame.capacity()).isEqualTo(64);
    }

    @Test
    void oneThreadTakesWhileAnotherGives() {
        BlockingQueue<Frame> way = new ArrayBlockingQueue<>(64);
        int count = 50_000;
        CompletableFuture<Void> giver = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < count; i++) {
                try {
                    Frame frame = way.take();
                    assertThat(frame.start).isEqualTo(i);
                    frame.release();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        Set<Frame> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < count; i++) {
            Frame frame = pool.take(1500);
            frame.start = i;
            seen.add(frame);
            while (!way.offer(frame)) {
                Thread.onSpinWait();
            }
        }
        giver.join();
        assertThat(pool.taken()).isZero();
        assertThat(seen).hasSizeLessThanOrEqualTo(128);
    }

    @Test
    void takingAndReleasingAllocatesNothing() {
        Allocations.assertNone(() -> {
            Frame small = pool.take(1600);
            Frame large = pool.take(60_000);
            small.release();
            large.release();
        });
    }
}
