package dev.towpath.link;

import static dev.towpath.socket.SocketConstants.MSG_DONTWAIT;
import static dev.towpath.socket.SocketConstants.POLLIN;
import static dev.towpath.socket.SocketConstants.POLLOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.TcpSocket;
import dev.towpath.stack.NetworkStack;
import dev.towpath.stack.Simulation;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over a device that takes a super-segment's data from where it lies, the peer sees what it would see over any other. */
class GatherTest {
    private static final int BYTES = 8 << 20;
    private static final IpAddress SERVER = IpAddress.parse("192.0.2.2");

    private final Simulation simulation = new Simulation(1);
    private final MemoryWire wire = new MemoryWire();
    private final Gathering device = new Gathering(wire.left());
    private @Nullable NetworkStack sender;
    private @Nullable NetworkStack receiver;

    /** Puts together what lies apart, as writev does, and hands it to a wire. */
    private static final class Gathering extends Decorator {
        private final FramePool frames = new FramePool();
        boolean gathers = true;
        int gathered;
        int wrapped;
        int whole;

        Gathering(LinkDevice device) {
            super(device);
        }

        @Override
        public boolean gathers() {
            return gathers;
        }

        @Override
        public boolean send(Frame frame, long nowNanos) {
            ByteBuffer tail = frame.tail;
            if (tail == null) {
                whole += frame.length() > 10_000 ? 1 : 0;
                return device.send(frame, nowNanos);
            }
            Frame together = frames.take(FramePool.LARGE);
            frame.copyTo(together);
            int first = Math.min(frame.tailLength, tail.capacity() - frame.tailAt);
            together.bytes().put(together.end, tail, frame.tailAt, first);
            together.bytes().put(together.end + first, tail, 0, frame.tailLength - first);
            together.end += frame.tailLength;
            gathered++;
            wrapped += first < frame.tailLength ? 1 : 0;
            frame.release();
            return device.send(together, nowNanos);
        }

        @Override
        public @Nullable Frame receive(long nowNanos) {
            return device.receive(nowNanos);
        }
    }

    @BeforeEach
    void start() {
        receiver =
                simulation.host("receiver").device(wire.right(), "192.0.2.2/24").start();
    }

    @AfterEach
    void close() {
        Objects.requireNonNull(sender).close();
        Objects.requireNonNull(receiver).close();
    }

    @Test
    void bytesArriveAsTheyWereSent() throws ErrnoException {
        transfer();
        assertThat(device.gathered).isPositive();
        assertThat(device.wrapped)
                .as("super-segments that lie across the ring's end")
                .isPositive();
        assertThat(device.whole).isZero();
    }

    @Test
    void aDeviceThatDoesNotGatherGetsWholeFrames() throws ErrnoException {
        device.gathers = false;
        transfer();
        assertThat(device.gathered).isZero();
        assertThat(device.whole).isPositive();
    }

    private void transfer() throws ErrnoException {
        sender = simulation.host("sender").device(device, "192.0.2.1/24").start();
        try (TcpSocket listener = TcpSocket.open(Objects.requireNonNull(receiver));
                TcpSocket client = TcpSocket.open(sender)) {
            listener.bind(SERVER, 7);
            listener.listen(1);
            client.connect(SERVER, 7);
            try (TcpSocket server = listener.accept()) {
                ByteBuffer out = ByteBuffer.allocateDirect(100_003);
                ByteBuffer in = ByteBuffer.allocateDirect(70_001);
                int sent = 0;
                int received = 0;
                while (received < BYTES) {
                    sent += send(client, out, sent);
                    simulation.run(Duration.ofNanos(10_000));
                    received += receive(server, in, received);
                }
            }
        }
    }

    private static int send(TcpSocket to, ByteBuffer out, int from) throws ErrnoException {
        int count = Math.min(out.capacity(), BYTES - from);
        if (count == 0 || (to.readiness() & POLLOUT) == 0) {
            return 0;
        }
        for (int i = 0; i < count; i++) {
            out.put(i, byteAt(from + i));
        }
        return to.send(out.limit(count).position(0), MSG_DONTWAIT);
    }

    private static int receive(TcpSocket from, ByteBuffer in, int at) throws ErrnoException {
        if ((from.readiness() & POLLIN) == 0) {
            return 0;
        }
        int count = from.recv(in.clear(), MSG_DONTWAIT);
        for (int i = 0; i < count; i++) {
            if (in.get(i) != byteAt(at + i)) {
                throw new AssertionError("byte " + (at + i) + " is " + in.get(i));
            }
        }
        return count;
    }

    /** Does not repeat at a power of two, as a ring would. */
    private static byte byteAt(int index) {
        return (byte) (index * 31 + index / 251);
    }
}
