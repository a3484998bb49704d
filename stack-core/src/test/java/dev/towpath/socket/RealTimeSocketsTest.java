package dev.towpath.socket;

import static dev.towpath.socket.SocketConstants.MSG_WAITALL;
import static dev.towpath.socket.SocketConstants.POLLIN;
import static dev.towpath.socket.SocketConstants.SHUT_WR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.towpath.link.MemoryLink;
import dev.towpath.link.MemoryWire;
import dev.towpath.stack.NetworkStack;
import dev.towpath.testing.Allocations;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real threads over two stacks in real time, joined by a wire in memory. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RealTimeSocketsTest {
    private static final IpAddress SERVER = IpAddress.parse("192.0.2.2");
    private static final int PORT = 7;

    private final MemoryWire wire = new MemoryWire(MemoryLink.PLAIN);
    private final NetworkStack client = NetworkStack.builder()
            .name("client")
            .device(wire.left(), "192.0.2.1/24")
            .start();
    private final NetworkStack server = NetworkStack.builder()
            .name("server")
            .device(wire.right(), "192.0.2.2/24")
            .start();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    /** Waits for all threads of a test, whose sockets are closed by now. */
    private void finish() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
    }

    private interface Body {
        void run() throws Exception;
    }

    private Thread thread(Body body) {
        Thread thread = new Thread(() -> guarded(body));
        threads.add(thread);
        thread.start();
        return thread;
    }

    private void guarded(Body body) {
        try {
            body.run();
        } catch (Throwable e) {
            failures.add(e);
        }
    }

    private TcpSocket listening() throws ErrnoException {
        TcpSocket listening = TcpSocket.open(server);
        listening.bind(IpAddress.ANY_V4, PORT);
        listening.listen(SocketConstants.SOMAXCONN);
        return listening;
    }

    private TcpSocket connected() throws ErrnoException {
        TcpSocket socket = TcpSocket.open(client);
        socket.connect(SERVER, PORT);
        return socket;
    }

    private static void echo(TcpSocket socket) throws ErrnoException {
        try (socket) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(16_384);
            while (socket.recv(buffer.clear(), 0) > 0) {
                socket.send(buffer.flip(), 0);
            }
        }
    }

    private static Errno errnoOf(Body body) throws Exception {
        try {
            body.run();
        } catch (ErrnoException e) {
            return e.errno();
        }
        throw new AssertionError("the call should have failed");
    }

    @Test
    void pingPongBetweenTwoThreads() throws Exception {
        TcpSocket listening = listening();
        thread(() -> echo(listening.accept()));
        TcpSocket socket = connected();
        socket.option(SockOpt.TCP_NODELAY, true);
        ByteBuffer buffer = ByteBuffer.allocateDirect(8);
        for (long i = 0; i < 2_000; i++) {
            socket.send(buffer.clear().putLong(i).flip(), 0);
            assertThat(socket.recv(buffer.clear(), MSG_WAITALL)).isEqualTo(8);
            assertThat(buffer.flip().getLong()).isEqualTo(i);
        }
        socket.close();
        finish();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void aLotOfDataEachWayAtOnce(long seed) throws Exception {
        int size = 16 << 20;
        TcpSocket listening = listening();
        byte[] data = new byte[size];
        new SplittableRandom(seed).nextBytes(data);
        thread(() -> echo(listening.accept()));
        TcpSocket socket = connected();
        thread(() -> {
            socket.send(ByteBuffer.wrap(data), 0);
            socket.shutdown(SHUT_WR);
        });
        MessageDigest hash = MessageDigest.getInstance("SHA-256");
        ByteBuffer into = ByteBuffer.allocate(65_536);
        long received = 0;
        for (int count = socket.recv(into, 0); count > 0; count = socket.recv(into.clear(), 0)) {
            hash.update(into.flip());
            received += count;
        }
        socket.close();
        finish();
        assertThat(received).isEqualTo(size);
        assertThat(hash.digest()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(data));
    }

    @Test
    void manyThreadsEachWithItsConnection() throws Exception {
        int clients = 40;
        TcpSocket listening = listening();
        CountDownLatch accepted = new CountDownLatch(clients);
        thread(() -> {
            for (int i = 0; i < clients; i++) {
                TcpSocket served = listening.accept();
                thread(() -> echo(served));
                accepted.countDown();
            }
        });
        for (int i = 0; i < clients; i++) {
            int number = i;
            thread(() -> converse(number));
        }
        accepted.await();
        finish();
    }

    private void converse(int number) throws ErrnoException {
        try (TcpSocket socket = connected()) {
            for (int round = 0; round < 20; round++) {
                byte[] sent = new byte[1 + (number * 131 + round * 977) % 5000];
                new SplittableRandom(number * 1000L + round).nextBytes(sent);
                socket.send(ByteBuffer.wrap(sent), 0);
                ByteBuffer got = ByteBuffer.allocate(sent.length);
                socket.recv(got, MSG_WAITALL);
                assertThat(got.flip()).isEqualTo(ByteBuffer.wrap(sent));
            }
        }
    }

    @Test
    void onePollerServesManyConnections() throws Exception {
        int connections = 500;
        TcpSocket listening = listening();
        listening.nonBlocking(true);
        Poller poller = Poller.open(server);
        poller.add(listening, POLLIN, null);
        CountDownLatch served = new CountDownLatch(connections);
        thread(() -> {
            ByteBuffer buffer = ByteBuffer.allocateDirect(1024);
            while (served.getCount() > 0) {
                poller.poll((socket, ready, attachment) -> guarded(() -> serve(poller, socket, buffer, served)), -1);
            }
        });
        List<TcpSocket> sockets = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            sockets.add(connected());
        }
        for (TcpSocket socket : sockets) {
            socket.send(TwoHosts.bytes("hello"), 0);
        }
        for (TcpSocket socket : sockets) {
            assertThat(TwoHosts.received(socket, 5, MSG_WAITALL)).isEqualTo("hello");
            socket.close();
        }
        finish();
        assertThat(poller.size()).isEqualTo(1);
        poller.close();
    }

    private static void serve(Poller poller, InetSocket ready, ByteBuffer buffer, CountDownLatch served)
            throws ErrnoException {
        TcpSocket socket = (TcpSocket) ready;
        if (socket.option(SockOpt.SO_ACCEPTCONN)) {
            TcpSocket accepted = socket.accept();
            accepted.nonBlocking(true);
            poller.add(accepted, POLLIN, null);
        } else if (socket.recv(buffer.clear(), 0) > 0) {
            socket.send(buffer.flip(), 0);
        } else {
            socket.close();
            served.countDown();
        }
    }

    @Test
    void closeInterruptAndTheEndOfTheStackWakeBlockedThreads() throws Exception {
        TcpSocket listening = listening();
        TcpSocket[] near = {connected(), connected(), connected()};
        TcpSocket[] far = {listening.accept(), listening.accept(), listening.accept()};
        ConcurrentLinkedQueue<Errno> closed = new ConcurrentLinkedQueue<>();
        Thread first = thread(() -> closed.add(errnoOf(() -> TwoHosts.received(near[0]))));
        near[0].close();
        first.join();
        assertThat(closed).containsExactly(Errno.EBADF);

        ConcurrentLinkedQueue<Errno> interrupted = new ConcurrentLinkedQueue<>();
        Thread second = thread(() -> interrupted.add(errnoOf(() -> TwoHosts.received(near[1]))));
        second.interrupt();
        second.join();
        assertThat(interrupted).containsExactly(Errno.EINTR);

        ConcurrentLinkedQueue<Errno> down = new ConcurrentLinkedQueue<>();
        for (TcpSocket each : far) {
            thread(() -> {
                if (each != far[0]) { // that one sees its peer's close
                    down.add(errnoOf(() -> TwoHosts.received(each)));
                }
            });
        }
        thread(() -> down.add(errnoOf(listening::accept)));
        server.close();
        finish();
        assertThat(down).containsExactly(Errno.ENETDOWN, Errno.ENETDOWN, Errno.ENETDOWN);
    }

    @Test
    void oneThreadTalksToItselfOverLoopback() throws Exception {
        TcpSocket listening = listening();
        TcpSocket near = TcpSocket.open(server);
        near.connect(IpAddress.LOOPBACK_V4, PORT);
        TcpSocket far = listening.accept();
        near.option(SockOpt.TCP_NODELAY, true); // else each waits for the delayed ACK of the one before
        for (int i = 0; i < 1_000; i++) {
            near.send(TwoHosts.bytes("ping"), 0);
            assertThat(TwoHosts.received(far, 4, MSG_WAITALL)).isEqualTo("ping");
        }
    }

    @Test
    void sendingAndReceivingAllocateNothing() throws Exception {
        TcpSocket listening = listening();
        TcpSocket near = TcpSocket.open(server);
        near.connect(IpAddress.LOOPBACK_V4, PORT);
        TcpSocket far = listening.accept();
        near.option(SockOpt.TCP_NODELAY, true); // else each waits for the delayed ACK of the one before
        ByteBuffer data = ByteBuffer.allocateDirect(1000);
        Allocations.assertNone(() -> {
            try {
                near.send(data.clear(), 0);
                far.recv(data.clear(), MSG_WAITALL);
            } catch (ErrnoException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** JDK 21 on: a thousand virtual threads wait on a few carriers, and none of them pins one in the device. */
    @Test
    void virtualThreadsParkWhileTheyWait() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads come with JDK 21");
        int clients = 200;
        TcpSocket listening = listening();
        CountDownLatch accepted = new CountDownLatch(clients);
        startVirtual(() -> {
            for (int i = 0; i < clients; i++) {
                TcpSocket served = listening.accept();
                startVirtual(() -> echo(served));
                accepted.countDown();
            }
        });
        for (int i = 0; i < clients; i++) {
            int number = i;
            startVirtual(() -> converse(number));
        }
        accepted.await();
        finish();
    }

    private void startVirtual(Body body) throws ReflectiveOperationException {
        Runnable guarded = () -> guarded(body);
        threads.add((Thread)
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, guarded));
    }
}
