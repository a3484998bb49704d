package dev.towpath.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.towpath.net.World.Host.Pair;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Blocking calls of {@code java.net} in virtual threads: JDK 21 on. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VirtualThreadSocketsTest {
    private static final int CLIENTS = 500;

    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void haveVirtualThreads() {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads come with JDK 21");
    }

    private Thread start(Background.Task task) throws ReflectiveOperationException {
        Runnable guarded = () -> {
            try {
                task.run();
            } catch (Throwable e) {
                failures.add(e);
            }
        };
        return (Thread)
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, guarded);
    }

    /** Many more than there are carriers wait in read at the same time, or nobody would ever be answered. */
    @Test
    void manyWaitAtOnce() throws Exception {
        CountDownLatch connected = new CountDownLatch(CLIENTS);
        try (World.Host host = World.TOWPATH.open();
                ServerSocket listener = host.servers().createServerSocket(0, CLIENTS, World.Host.loopback())) {
            Queue<Thread> servers = new ConcurrentLinkedQueue<>();
            Thread acceptor = start(() -> {
                for (int i = 0; i < CLIENTS; i++) {
                    Socket accepted = listener.accept();
                    servers.add(start(() -> {
                        try (accepted) {
                            accepted.getInputStream().transferTo(accepted.getOutputStream());
                        }
                    }));
                }
            });
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                clients.add(start(() -> {
                    try (Socket socket = host.sockets().createSocket(World.Host.loopback(), listener.getLocalPort())) {
                        connected.countDown();
                        connected.await();
                        socket.getOutputStream().write(new byte[] {(byte) number, (byte) (number >> 8)});
                        socket.shutdownOutput();
                        assertThat(socket.getInputStream().readAllBytes())
                                .containsExactly((byte) number, (byte) (number >> 8));
                    }
                }));
            }
            for (Thread client : clients) {
                client.join();
            }
            acceptor.join();
            for (Thread server : servers) {
                server.join();
            }
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void anInterruptClosesTheSocket() throws Exception {
        try (World.Host host = World.TOWPATH.open();
                Pair pair = host.pair()) {
            CountDownLatch reading = new CountDownLatch(1);
            Thread reader = start(() -> {
                reading.countDown();
                assertThatExceptionOfType(SocketException.class)
                        .isThrownBy(() -> pair.client().getInputStream().read())
                        .withMessage("Closed by interrupt");
                assertThat(pair.client().isClosed()).isTrue();
            });
            reading.await();
            reader.interrupt();
            reader.join();
        }
        assertThat(failures).isEmpty();
    }
}
