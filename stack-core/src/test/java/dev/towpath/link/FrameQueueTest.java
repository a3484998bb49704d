package dev.towpath.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameQueueTest {
    private final FramePool pool = new FramePool();

    private static int take(FrameQueue queue) {
        Frame frame = queue.poll();
        if (frame == null) {
            return -1;
        }
        int number = TestFrames.number(frame);
        frame.release();
        return number;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 1000})
    void holdsExactlyItsLimitInOrderAndAgainAndAgain(int limit) {
        FrameQueue queue = new FrameQueue(limit);
        for (int round = 0; round < 5; round++) {
            assertThat(queue.isEmpty()).isTrue();
            for (int i = 0; i < limit; i++) {
                assertThat(queue.offer(TestFrames.numbered(pool, i))).isTrue();
            }
            assertThat(queue.offer(TestFrames.numbered(pool, limit))).isFalse();
            assertThat(pool.taken()).isEqualTo(limit);
            for (int i = 0; i < limit; i++) {
                assertThat(take(queue)).isEqualTo(i);
            }
            assertThat(queue.poll()).isNull();
            assertThat(pool.taken()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MAX_VALUE})
    void limitsThatMakeNoSenseAreRefused(int limit) {
        assertThatIllegalArgumentException().isThrownBy(() -> new FrameQueue(limit));
    }

    @Test
    void wakesOnlyIfItWasEmpty() {
        FrameQueue queue = new FrameQueue(8);
        int[] wakeUps = new int[1];
        queue.onArrival(() -> wakeUps[0]++);
        queue.offer(TestFrames.numbered(pool, 1));
        queue.offer(TestFrames.numbered(pool, 2));
        assertThat(wakeUps[0]).isEqualTo(1);
        take(queue);
        queue.offer(TestFrames.numbered(pool, 3));
        assertThat(wakeUps[0]).isEqualTo(1);
        take(queue);
        take(queue);
        queue.offer(TestFrames.numbered(pool, 4));
        assertThat(wakeUps[0]).isEqualTo(2);
        take(queue);
    }

    @Test
    void aClosedQueueIsEmptyAndStaysSo() {
        FrameQueue queue = new FrameQueue(8);
        queue.offer(TestFrames.numbered(pool, 1));
        queue.close();
        queue.close();
        assertThat(pool.taken()).isZero();
        assertThat(queue.poll()).isNull();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.offer(TestFrames.numbered(pool, 2))).isFalse();
        assertThat(pool.taken()).isZero();
    }

    @Test
    void betweenThreadsNothingIsLostAndNoWakeUpEither() {
        FrameQueue queue = new FrameQueue(64);
        Semaphore room = new Semaphore(64);
        Semaphore arrivals = new Semaphore(0);
        queue.onArrival(arrivals::release);
        int count = 200_000;
        CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < count; i++) {
                room.acquireUninterruptibly();
                assertThat(queue.offer(TestFrames.numbered(pool, i))).isTrue();
            }
        });
        for (int expected = 0; expected < count; expected++) {
            int number = take(queue);
            while (number < 0) {
                arrivals.acquireUninterruptibly(); // hangs here if a wake-up is lost
                number = take(queue);
            }
            if (number != expected) {
                throw new AssertionError("frame " + number + " instead of " + expected);
            }
            room.release();
        }
        sender.join();
        assertThat(pool.taken()).isZero();
    }

    @Test
    void closingWhileOthersSendAndReceiveLeaksNothing() {
        for (int round = 0; round < 300; round++) {
            FrameQueue queue = new FrameQueue(16);
            int base = round;
            CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 200; i++) {
                    queue.offer(TestFrames.numbered(pool, base + i));
                }
            });
            CompletableFuture<Void> receiver = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 100; i++) {
                    take(queue);
                }
            });
            queue.close();
            sender.join();
            receiver.join();
            assertThat(pool.taken()).as("round %d", round).isZero();
        }
    }
}
