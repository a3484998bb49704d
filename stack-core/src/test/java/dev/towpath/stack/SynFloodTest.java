package dev.towpath.stack;

import static dev.towpath.testing.TestPackets.arp;
import static dev.towpath.testing.TestPackets.ethernet;
import static dev.towpath.testing.TestPackets.ip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.config.TcpConfig;
import dev.towpath.ip.IpLayer;
import dev.towpath.ipv4.NetworkInterface;
import dev.towpath.ipv4.Route;
import dev.towpath.link.LinkDevice;
import dev.towpath.link.MemoryWire;
import dev.towpath.mib.Counter;
import dev.towpath.tcp.Listener;
import dev.towpath.tcp.State;
import dev.towpath.tcp.Tcb;
import dev.towpath.testing.TestPackets;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.SegmentCodec;
import dev.towpath.testing.script.WireSegment;
import dev.towpath.testing.script.WireSegment.Flag;
import dev.towpath.testing.script.WireSegment.Options;
import dev.towpath.testing.script.WireSegment.Timestamps;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import dev.towpath.wire.MacAddress;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A whole stack under a flood of SYNs from forged addresses behind a gateway (RFC 4987). */
class SynFloodTest {
    private static final int SYNS = 50_000;
    private static final int PORT = 80;
    private static final IpAddress SERVER = IpAddress.parse("192.0.2.2");
    private static final IpAddress GATEWAY = IpAddress.parse("192.0.2.1");
    private static final IpAddress CLIENT = IpAddress.parse("198.51.100.7");

    private final FramePool frames = new FramePool();
    private final MemoryWire wire = new MemoryWire();
    private final LinkDevice gateway = wire.right();
    private final Core core = new Core(0, new SplittableRandom(1)::nextLong, TcpConfig.DEFAULT, 16 << 20);
    private final NetworkInterface eth = core.add(wire.left(), List.of(new IpPrefix(SERVER, 24)));
    private final Listener listener = listener();
    private long now;

    private Listener listener() {
        assertThat(core.ipv4().routes().add(Route.gateway(IpPrefix.DEFAULT_V4, GATEWAY, eth)))
                .isTrue();
        WireSegment ignored = arrives(ethernet(
                MacAddress.BROADCAST,
                gateway.mac(),
                TestPackets.ARP,
                arp(1, gateway.mac(), GATEWAY, new MacAddress(0), SERVER)));
        var bound = Objects.requireNonNull(core.ports().bind(IpLayer.TCP, IpAddress.ANY_V4, PORT, false, false));
        return core.tcp().listen(bound, 16, core.tcp().newSettings(), accepting -> {});
    }

    @Test
    @Covers({Requirement.COOKIES_ADMIT, Requirement.HALF_OPEN_BOUNDED})
    void itCostsNoMemoryAndShutsNobodyOut() {
        Options usual = new Options(1460, 7, true, new Timestamps(500, 0), List.of());
        for (int i = 0; i < SYNS; i++) {
            IpAddress forged = IpAddress.v4((CLIENT.v4() & ~0xff) | (1 + i % 250));
            WireSegment ignored = arrives(
                    from(forged, 1024 + i / 250, new WireSegment(i, 0, Flag.SYN, 65_535, 0, usual, new byte[0])));
        }
        assertThat(connections()).isEqualTo(128);
        assertThat(core.mib().value(Counter.TCP_EXT_SYNCOOKIES_SENT)).isEqualTo(SYNS - 128);
        assertThat(core.buffers().inUse()).isZero();
        assertThat(core.frames().taken()).isZero();

        WireSegment answer = Objects.requireNonNull(
                arrives(from(CLIENT, 50_000, new WireSegment(7, 0, Flag.SYN, 65_535, 0, usual, new byte[0]))));
        int echo = Objects.requireNonNull(answer.options().timestamps()).value();
        Options echoing = new Options(null, null, false, new Timestamps(501, echo), List.of());
        WireSegment ignored = arrives(from(
                CLIENT, 50_000, new WireSegment(8, answer.sequence() + 1, Flag.ACK, 512, 0, echoing, new byte[100])));
        Tcb accepted = Objects.requireNonNull(listener.accept());
        assertThat(accepted.state()).isEqualTo(State.ESTABLISHED);
        assertThat(accepted.remoteAddress()).isEqualTo(CLIENT);
        assertThat(accepted.available()).isEqualTo(100);
    }

    /** A frame reaches the stack; returns the last segment that it sends in answer. */
    private @Nullable WireSegment arrives(byte[] bytes) {
        Frame frame = frames.take(Frame.HEADROOM + bytes.length);
        frame.start = Frame.HEADROOM;
        frame.end = frame.start + bytes.length;
        frame.bytes().put(frame.start, bytes);
        assertThat(gateway.send(frame, now)).isTrue();
        now += 10_000;
        int ignored = core.poll(now, Driver.BUDGET);
        WireSegment answer = null;
        for (Frame sent = gateway.receive(now); sent != null; sent = gateway.receive(now)) {
            answer = segment(sent);
            sent.release();
        }
        return answer;
    }

    private static @Nullable WireSegment segment(Frame sent) {
        int at = sent.start + 14 + 20;
        if (sent.end <= at + 20 || sent.bytes().getShort(sent.start + 12) != TestPackets.IPV4) {
            return null;
        }
        byte[] segment = new byte[sent.end - at];
        sent.bytes().get(at, segment);
        return SegmentCodec.read(segment);
    }

    private int connections() {
        AtomicInteger count = new AtomicInteger();
        core.tcp().forEach(t -> count.incrementAndGet());
        return count.get();
    }

    private byte[] from(IpAddress from, int port, WireSegment segment) {
        byte[] tcp = SegmentCodec.write(segment, from, port, SERVER, PORT);
        return ethernet(
                wire.left().mac(),
                gateway.mac(),
                TestPackets.IPV4,
                ip(from, SERVER, IpLayer.TCP, tcp).bytes());
    }
}
