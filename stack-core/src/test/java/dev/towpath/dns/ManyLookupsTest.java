package dev.towpath.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.towpath.socket.UdpSocket;
import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.IpAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real threads that look names up at once, on a stack that has loopback alone. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ManyLookupsTest {
    private static final int THREADS = 50;

    private final NetworkStack stack = NetworkStack.builder().name("names").start();
    private final TestNameServer server = new TestNameServer();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final StubResolver names;

    ManyLookupsTest() throws Exception {
        names = StubResolver.builder(stack)
                .nameserver(server.serve(stack).toString())
                .timeout(Duration.ofSeconds(20))
                .build();
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        stack.close();
        threads.shutdown();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void eachGetsItsOwnAnswer() throws Exception {
        server.otherwise((TestNameServer.Saying) asked -> {
            Reply reply = asked.reply();
            String number = asked.name().substring(1, asked.name().indexOf('.'));
            boolean over = !asked.tcp() && Integer.parseInt(number) % 10 == 0;
            return over ? reply.truncated() : reply.a(60, "192.0.2." + number);
        });
        List<Future<List<IpAddress>>> answers = new ArrayList<>();
        for (int i = 0; i < 4 * THREADS; i++) {
            String name = "n" + i + ".example.test";
            answers.add(threads.submit(() -> names.lookup(name)));
        }
        for (int i = 0; i < 4 * THREADS; i++) {
            assertThat(answers.get(i).get()).containsExactly(IpAddress.parse("192.0.2." + i));
        }
    }

    /** With as many carriers as cores, of which no lookup may keep one while it waits: all questions are on their way. */
    @Test
    void virtualThreadsLeaveTheirCarriersWhileTheyWait() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads came with JDK 21");
        ExecutorService virtual = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        List<Future<?>> answers = new ArrayList<>();
        try (UdpSocket silent = UdpSocket.open(stack)) {
            silent.bind(IpAddress.LOOPBACK_V4, 0); // takes questions, and says nothing
            StubResolver waiting = StubResolver.builder(stack)
                    .nameserver(silent.localEndpoint())
                    .timeout(Duration.ofMinutes(30))
                    .build();
            for (int i = 0; i < THREADS; i++) {
                String name = "n" + i + ".example.test";
                answers.add(virtual.submit(() -> waiting.lookup(name)));
            }
            ByteBuffer question = ByteBuffer.allocate(2000);
            for (int i = 0; i < THREADS; i++) {
                assertThat(silent.recv(question.clear(), 0)).isPositive();
            }
            stack.close();
        }
        for (Future<?> each : answers) {
            assertThatThrownBy(each::get).hasRootCauseInstanceOf(UnknownHostException.class);
        }
        virtual.shutdown();
        assertThat(virtual.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whoAsksTheSameWaitsForOneAnswer() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        server.say("www.example.test", asked -> {
            await(answer);
            return asked.reply().a(0, "192.0.2.80"); // not to be remembered
        });
        List<Future<List<IpAddress>>> answers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            answers.add(threads.submit(() -> names.lookup("www.example.test")));
        }
        while (names.counts().lookups() < THREADS) {
            Thread.onSpinWait();
        }
        answer.countDown();
        for (Future<List<IpAddress>> each : answers) {
            assertThat(each.get()).containsExactly(IpAddress.parse("192.0.2.80"));
        }
        // a thread that had not come as far as to wait asks again
        assertThat(names.counts().shared() + names.counts().sent()).isEqualTo(THREADS);
        assertThat(names.counts().shared()).isPositive();
    }

    @Test
    void theInterruptOfOneLeavesTheOthersWaiting() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        server.say("www.example.test", question -> {
            asked.countDown();
            await(answer);
            return question.reply().a(60, "192.0.2.80");
        });
        CompletableFuture<UnknownHostException> interrupted = new CompletableFuture<>();
        Thread first = new Thread(() -> {
            try {
                names.lookup("www.example.test");
            } catch (UnknownHostException e) {
                interrupted.complete(e);
            }
        });
        first.start();
        asked.await();
        Future<List<IpAddress>> other = threads.submit(() -> names.lookup("www.example.test"));
        while (names.counts().lookups() < 2) {
            Thread.onSpinWait();
        }
        first.interrupt();
        assertThat(interrupted.get(20, TimeUnit.SECONDS)).hasMessageContaining("interrupted");
        first.join();
        answer.countDown();
        assertThat(other.get()).containsExactly(IpAddress.parse("192.0.2.80"));
    }

    @Test
    void theEndOfTheStackEndsTheWait() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        server.on("www.example.test", question -> {
            asked.countDown();
            return List.of();
        });
        Future<String> failure = threads.submit(() -> {
            try {
                return names.lookup("www.example.test").toString();
            } catch (UnknownHostException e) {
                return String.valueOf(e.getMessage());
            }
        });
        asked.await();
        stack.close();
        assertThat(failure.get(20, TimeUnit.SECONDS)).contains("is closed");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
