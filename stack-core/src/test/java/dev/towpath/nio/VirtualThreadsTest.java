package dev.towpath.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Blocking calls of virtual threads leave their carriers: JDK 21 on. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VirtualThreadsTest {
    private static final int CLIENTS = 10_000;
    /** Handshakes at once: fewer than the listener's queue holds, so that none is dropped and tried again a second later. */
    private static final int CONNECTING = 1000;

    private final OneStack one = new OneStack();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        one.close();
    }

    private interface Body {
        void run() throws Exception;
    }

    private Thread start(Body body) throws ReflectiveOperationException {
        Runnable guarded = () -> {
            try {
                body.run();
            } catch (Throwable e) {
                failures.add(e);
            }
        };
        return (Thread)
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, guarded);
    }

    /** All of them are connected, with a thread at each end, before the first one says a word. */
    @Test
    void tenThousandEchoAtOnce() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads come with JDK 21");
        ServerSocketChannel listening = one.provider.openServerSocketChannel().bind(null, 4096);
        SocketAddress address = listening.getLocalAddress();
        CountDownLatch served = new CountDownLatch(CLIENTS);
        CountDownLatch connected = new CountDownLatch(CLIENTS);
        Semaphore connecting = new Semaphore(CONNECTING);
        start(() -> {
            for (int i = 0; i < CLIENTS; i++) {
                SocketChannel accepted = listening.accept();
                start(() -> serve(accepted, served));
            }
        });
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int number = i;
            clients.add(start(() -> {
                SocketChannel channel = one.opened();
                connecting.acquire();
                channel.connect(address);
                connecting.release();
                connected.countDown();
                connected.await();
                converse(channel, number);
            }));
        }
        for (Thread client : clients) {
            client.join();
        }
        served.await();
        assertThat(failures).isEmpty();
        listening.close();
    }

    private static void converse(SocketChannel channel, int number) throws IOException {
        try (channel) {
            ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES);
            for (long i = 0; i < 3; i++) {
                channel.write(buffer.clear().putLong(number * 10L + i).flip());
                assertThat(OneStack.fill(channel, buffer.clear()).getLong()).isEqualTo(number * 10L + i);
            }
        }
    }

    private static void serve(SocketChannel accepted, CountDownLatch served) throws IOException {
        try (accepted) {
            ByteBuffer buffer = ByteBuffer.allocate(64);
            while (accepted.read(buffer.clear()) >= 0) {
                accepted.write(buffer.flip());
            }
        } finally {
            served.countDown();
        }
    }

    @Test
    void anInterruptClosesTheChannelOfAVirtualThread() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads come with JDK 21");
        OneStack.Pair pair = one.pair();
        Thread reader = start(() -> pair.near().read(ByteBuffer.allocate(1)));
        OneStack.awaitSleep(reader);
        reader.interrupt();
        reader.join();
        assertThat(failures).singleElement().isInstanceOf(java.nio.channels.ClosedByInterruptException.class);
        assertThat(pair.near().isOpen()).isFalse();
    }
}
