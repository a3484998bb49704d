package dev.towpath.stack;

import static dev.towpath.socket.SocketConstants.MSG_DONTWAIT;
import static dev.towpath.socket.SocketConstants.MSG_PEEK;
import static dev.towpath.socket.SocketConstants.MSG_TRUNC;
import static dev.towpath.socket.SocketConstants.POLLIN;
import static dev.towpath.socket.SocketConstants.POLLOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.link.MemoryWire;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.TcpSocket;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Super-segments wait in the frames that they came in: the bytes are right, and every frame goes back. */
class KeptFramesTest {
    private static final IpAddress SERVER = IpAddress.parse("192.0.2.2");
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final Simulation simulation = new Simulation(1);
    private final MemoryWire wire = new MemoryWire();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(300_000);
    private @Nullable NetworkStack left;
    private @Nullable NetworkStack right;
    private @Nullable TcpSocket client;
    private @Nullable TcpSocket server;
    private int sent;
    private int received;

    private void connect(long memoryBudget) throws ErrnoException {
        NetworkStack a =
                simulation.host("left").device(wire.left(), "192.0.2.1/24").start();
        NetworkStack b = simulation
                .host("right")
                .memoryBudget(memoryBudget)
                .device(wire.right(), "192.0.2.2/24")
                .start();
        left = a;
        right = b;
        try (TcpSocket listener = TcpSocket.open(b)) {
            listener.bind(SERVER, 7);
            listener.listen(1);
            client = TcpSocket.open(a);
            client.connect(SERVER, 7);
            server = listener.accept();
        }
    }

    @AfterEach
    void everyFrameIsBack() throws ErrnoException {
        if (left == null || right == null || client == null || server == null) {
            throw new AssertionError("the test has connected nothing");
        }
        client.close();
        server.close();
        simulation.run(MOMENT);
        assertThat(left.core().frames().taken()).isZero();
        assertThat(right.core().frames().taken()).isZero();
        assertThat(right.core().buffers().inUse()).isZero();
        left.close();
        right.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {64 << 20, 1 << 20})
    void readsOfAnySizeFindTheirBytes(int memoryBudget) throws ErrnoException {
        connect(memoryBudget);
        SplittableRandom random = new SplittableRandom(7);
        while (received < 6 << 20) {
            send(random.nextInt(1, 300_000));
            simulation.run(MOMENT);
            while (random.nextInt(4) > 0 && receive(random.nextInt(1, 200_000), random.nextInt(3))) {
                simulation.run(Duration.ZERO);
            }
        }
    }

    @Test
    void whatWaitsIsChargedToTheBudget() throws ErrnoException {
        connect(64 << 20);
        while (sent < 2 << 20) { // until the congestion window allows super-segments
            send(100_000);
            simulation.run(MOMENT);
            receive(300_000, 2);
        }
        while (receive(300_000, 2)) {
            simulation.run(MOMENT);
        }
        while (send(300_000)) {
            simulation.run(MOMENT);
        }
        assertThat(right().core().buffers().inUse()).isGreaterThan(500_000);
        assertThat(left().core().frames().taken()).as("frames that hold it").isGreaterThan(5);
    }

    private NetworkStack left() {
        if (left == null) {
            throw new AssertionError();
        }
        return left;
    }

    private NetworkStack right() {
        if (right == null) {
            throw new AssertionError();
        }
        return right;
    }

    private boolean send(int most) throws ErrnoException {
        if (client == null || (client.readiness() & POLLOUT) == 0) {
            return false;
        }
        buffer.clear();
        for (int i = 0; i < most; i++) {
            buffer.put(i, byteAt(sent + i));
        }
        sent += client.send(buffer.limit(most).position(0), MSG_DONTWAIT);
        return true;
    }

    /** Reads, looks and then reads, or throws away. */
    private boolean receive(int most, int how) throws ErrnoException {
        if (server == null || (server.readiness() & POLLIN) == 0) {
            return false;
        }
        if (how == 0) {
            received += server.recv(buffer.limit(most).position(0), MSG_TRUNC | MSG_DONTWAIT);
            return true;
        }
        if (how == 1) {
            check(server.recv(buffer.limit(most).position(0), MSG_PEEK | MSG_DONTWAIT));
        }
        int count = server.recv(buffer.limit(most).position(0), MSG_DONTWAIT);
        check(count);
        received += count;
        return true;
    }

    private void check(int count) {
        for (int i = 0; i < count; i++) {
            if (buffer.get(i) != byteAt(received + i)) {
                throw new AssertionError("byte " + (received + i) + " is " + buffer.get(i));
            }
        }
    }

    private static byte byteAt(int index) {
        return (byte) (index * 31 + index / 251);
    }
}
