package dev.towpath.stack;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.buffer.Frame;
import dev.towpath.config.TcpConfig;
import dev.towpath.demux.Binding;
import dev.towpath.ip.IpLayer;
import dev.towpath.ip.Path;
import dev.towpath.ipv4.NetworkInterface;
import dev.towpath.link.MemoryLink;
import dev.towpath.link.MemoryWire;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.tcp.Listener;
import dev.towpath.tcp.State;
import dev.towpath.tcp.Tcb;
import dev.towpath.testing.script.Pattern;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A million damaged, forged and random frames at a stack that serves a connection meanwhile: no exception leaves the
 * core, the connection's data stays right, memory stays bounded, and afterwards the stack is as good as new.
 * {@code -Dtowpath.seed=N} and {@code -Dtowpath.badFrames=N} change what is thrown.
 */
class BadInputTest {
    private static final int FRAMES = Integer.getInteger("towpath.badFrames", 1_000_000);
    private static final long SEED = Long.getLong("towpath.seed", 1);
    private static final int BATCH = 16;
    private static final long STEP_NANOS = 1_000_000;
    private static final int STREAM = 4_000_000;
    private static final int PORT = 80;
    private static final int BUDGET = 16 << 20;
    private static final IpAddress SERVER = IpAddress.parse("192.0.2.2");
    private static final IpAddress CLIENT = IpAddress.parse("192.0.2.1");

    /** What the bad frames must be dropped for among other things: otherwise they would be too much alike. */
    private static final Set<DropReason> REACHED = EnumSet.of(
            DropReason.ETHERNET_TOO_SHORT,
            DropReason.IGMP_TOO_SHORT,
            DropReason.IGMP_BAD_CHECKSUM,
            DropReason.IGMP_BAD_LENGTH,
            DropReason.IGMP_BAD_GROUP,
            DropReason.IGMP_IGNORED,
            DropReason.IP_OTHER_GROUP,
            DropReason.ETHERNET_OTHER_HOST,
            DropReason.ETHERNET_BAD_SOURCE,
            DropReason.ETHERNET_UNKNOWN_TYPE,
            DropReason.ARP_MALFORMED,
            DropReason.ARP_BAD_SENDER,
            DropReason.ARP_NOT_FOR_US,
            DropReason.ARP_UNRESOLVED,
            DropReason.IP_TOO_SHORT,
            DropReason.IP_BAD_VERSION,
            DropReason.IP_BAD_HEADER_LENGTH,
            DropReason.IP_BAD_CHECKSUM,
            DropReason.IP_BAD_TOTAL_LENGTH,
            DropReason.IP_BAD_OPTIONS,
            DropReason.IP_BAD_SOURCE,
            DropReason.IP_NOT_FOR_US,
            DropReason.IP_UNKNOWN_PROTOCOL,
            DropReason.FRAGMENT_MALFORMED,
            DropReason.FRAGMENT_OVERLAP,
            DropReason.FRAGMENT_MEMORY,
            DropReason.ICMP_TOO_SHORT,
            DropReason.ICMP_BAD_CHECKSUM,
            DropReason.ICMP_IGNORED,
            DropReason.ICMP_BAD_QUOTE,
            DropReason.UDP_BAD_LENGTH,
            DropReason.UDP_BAD_CHECKSUM,
            DropReason.UDP_NO_PORT,
            DropReason.TCP_TOO_SHORT,
            DropReason.TCP_BAD_OFFSET,
            DropReason.TCP_BAD_CHECKSUM,
            DropReason.TCP_BAD_FLAGS,
            DropReason.TCP_NO_SOCKET,
            DropReason.TCP_OUT_OF_WINDOW);

    private final MemoryWire wire = new MemoryWire(MemoryLink.PLAIN);
    private final Core server = new Core(0, new SplittableRandom(SEED)::nextLong, TcpConfig.DEFAULT, BUDGET);
    private final Core client = new Core(0, new SplittableRandom(SEED + 1)::nextLong, TcpConfig.DEFAULT, BUDGET);
    private final HostileFrames hostile = new HostileFrames(
            SEED, SERVER, wire.left().mac().bits(), CLIENT, wire.right().mac().bits());
    private final NetworkInterface attacked = server.add(wire.left(), List.of(IpPrefix.parse(SERVER + "/24")));
    private final Listener listener = listens();
    private long nowNanos;

    /** One end of the connection: sends its pattern, checks the other's. */
    private static final class End {
        private final Tcb tcb;
        private final Pattern own;
        private final Pattern others;
        private long written;
        private long read;

        End(Tcb tcb, Pattern own, Pattern others) {
            this.tcb = tcb;
            this.own = own;
            this.others = others;
        }

        void acts(long mayHaveWritten) {
            assertThat(tcb.failure()).isNull();
            ByteBuffer data = ByteBuffer.allocate((int) Math.min(8192, mayHaveWritten - written));
            own.fill(written, data);
            written += tcb.send(data.flip(), false);
            byte[] bytes = new byte[tcb.available()];
            int count = tcb.receive(ByteBuffer.wrap(bytes), false);
            assertThat(count).isEqualTo(bytes.length);
            assertThat(others.mismatch(read, bytes))
                    .as("first wrong byte from " + read + " on")
                    .isNegative();
            read += count;
        }
    }

    @Test
    void aMillionBadFramesDoNoHarm() {
        client.add(wire.right(), List.of(IpPrefix.parse(CLIENT + "/24")));
        End near = new End(connects(50_000), Pattern.PEER, Pattern.APP);
        step(0);
        step(0);
        End far = new End(accepts(), Pattern.APP, Pattern.PEER);
        for (int thrown = 0; thrown < FRAMES; thrown += BATCH) {
            long progress = (long) STREAM * thrown / FRAMES;
            near.acts(progress);
            far.acts(progress);
            step(BATCH);
            if (thrown % (1000 * BATCH) == 0) {
                requireBounded();
            }
        }
        for (int i = 0; i < 60_000 && (near.read < STREAM || far.read < STREAM); i++) {
            near.acts(STREAM);
            far.acts(STREAM);
            step(0);
        }
        assertThat(near.read).isEqualTo(STREAM);
        assertThat(far.read).isEqualTo(STREAM);
        assertThat(REACHED)
                .as("checks that the bad frames must reach")
                .allMatch(why -> server.mib().dropped(why) > 0);
        assertThat(server.mib().value(Counter.TCP_EXT_SYNCOOKIES_SENT))
                .as("forged SYNs fill the SYN queue")
                .isPositive();
        requireAsGoodAsNew(near, far);
    }

    private Listener listens() {
        Binding binding = requireNonNull(server.ports().bind(IpLayer.TCP, IpAddress.ANY_V4, PORT, false, false));
        return server.tcp().listen(binding, 128, server.tcp().newSettings(), accepting -> {});
    }

    private Tcb connects(int port) {
        Path path = requireNonNull(client.ip().route(CLIENT, SERVER));
        return client.tcp().connect(path, port, PORT, client.tcp().newSettings(), about -> {});
    }

    /**
     * The client's connection; the attacker's are closed, as an application would that gets nothing sensible from them.
     */
    private Tcb accepts() {
        for (int i = 0; i < 10_000; i++) {
            @Nullable Tcb accepted = listener.accept();
            if (accepted != null && accepted.remoteAddress().equals(CLIENT)) {
                return accepted;
            }
            if (accepted != null) {
                accepted.close();
            }
            step(0);
        }
        throw new AssertionError("the client could not connect");
    }

    /** A millisecond passes: the hosts take in what has arrived, and the server so many bad frames among it. */
    private void step(int badFrames) {
        nowNanos += STEP_NANOS;
        server.time(nowNanos);
        for (int i = 0; i < badFrames; i++) {
            byte[] bytes = hostile.next();
            Frame frame = server.frames().take(Frame.HEADROOM + bytes.length);
            frame.start = Frame.HEADROOM - 14;
            frame.end = frame.start + bytes.length;
            frame.bytes().put(frame.start, bytes);
            attacked.receive(frame);
            frame.release();
        }
        for (Frame honest = receive(); honest != null; honest = receive()) {
            attacked.receive(honest);
            honest.release();
        }
        assertThat(server.poll(nowNanos, BATCH)).isZero();
        assertThat(client.poll(nowNanos, 1000)).isLessThan(1000);
    }

    /** The next honest frame for the server, which the attacker sees too. */
    private @Nullable Frame receive() {
        Frame frame = wire.left().receive(nowNanos);
        if (frame != null) {
            byte[] bytes = new byte[frame.length()];
            frame.bytes().get(frame.start, bytes);
            hostile.saw(bytes);
        }
        return frame;
    }

    private void requireBounded() {
        assertThat(server.frames().taken()).as("frames held").isLessThan(4000);
        assertThat(server.buffers().inUse()).as("bytes of buffer memory").isLessThanOrEqualTo(BUDGET);
        int[] connections = new int[1];
        server.tcp().forEach(each -> connections[0]++);
        assertThat(connections[0]).as("connections").isLessThan(1000);
        int[] neighbours = new int[1];
        attacked.forEachNeighbour(each -> neighbours[0]++);
        assertThat(neighbours[0]).as("neighbours").isLessThan(5000);
    }

    /** What the attacker has left behind ages; then there is a new connection, an orderly end, and nothing is held. */
    private void requireAsGoodAsNew(End near, End far) {
        for (int i = 0; i < 600; i++) {
            nowNanos += 1000 * STEP_NANOS;
            step(0);
        }
        Tcb again = connects(50_001);
        step(0);
        accepts().close();
        again.close();
        near.tcb.close();
        far.tcb.close();
        for (int i = 0; i < 200; i++) {
            nowNanos += 1000 * STEP_NANOS;
            step(0);
        }
        assertThat(near.tcb.state()).isEqualTo(State.CLOSED);
        assertThat(far.tcb.state()).isEqualTo(State.CLOSED);
        listener.close();
        server.shut();
        step(0);
        assertThat(server.frames().taken()).as("frames held").isZero();
        assertThat(server.buffers().inUse()).as("bytes of buffer memory").isZero();
    }
}
