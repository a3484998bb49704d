package dev.towpath.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.config.TcpConfig;
import dev.towpath.link.LinkDevice;
import dev.towpath.link.MemoryWire;
import dev.towpath.mib.Counter;
import dev.towpath.tcp.Tcb;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much one poll takes in, and in which order. */
class CoreTest {
    private static final long SECOND = 1_000_000_000L;

    private final FramePool frames = new FramePool();
    private final MemoryWire wire = new MemoryWire();
    private final LinkDevice other = wire.right();
    private final Core core = new Core(0, new SplittableRandom(1)::nextLong, TcpConfig.DEFAULT, 16 << 20);

    @BeforeEach
    void addInterface() {
        core.add(wire.left(), List.of(IpPrefix.parse("192.0.2.1/24")));
        int ignored = core.poll(0, Driver.BUDGET);
    }

    /** Frames that nobody wants. */
    private void arrive(int count, int length) {
        for (int i = 0; i < count; i++) {
            Frame frame = frames.take(length + Frame.HEADROOM);
            frame.start = Frame.HEADROOM;
            frame.end = frame.start + length;
            assertThat(other.send(frame, 0)).isTrue();
        }
    }

    @Test
    void aBatchIsSoManyFramesOrFourSuperFrames() {
        arrive(2 * Driver.BUDGET + 3, 60);
        assertThat(core.poll(0, Driver.BUDGET)).isEqualTo(Driver.BUDGET);
        assertThat(core.nextDeadline()).isEqualTo(Long.MIN_VALUE);
        assertThat(core.poll(0, Driver.BUDGET)).isEqualTo(Driver.BUDGET);
        assertThat(core.poll(0, Driver.BUDGET)).isEqualTo(3);
        arrive(6, 30_000);
        assertThat(core.poll(0, Driver.BUDGET)).isEqualTo(Driver.BUDGET);
        assertThat(core.poll(0, Driver.BUDGET)).isEqualTo(Driver.BUDGET / 2);
        assertThat(core.mib().value(Counter.IF_IN_FRAMES)).isEqualTo(2 * Driver.BUDGET + 3 + 6);
        assertThat(frames.taken()).isZero();
    }

    @Test
    void timersWaitForFramesThatHaveArrivedButNotForEver() {
        askForANeighbour();
        long asked = core.mib().value(Counter.ARP_OUT_REQUESTS);
        arrive(2 * Driver.BUDGET + 1, 60);
        long late = 2 * SECOND; // the neighbour should have been asked again by now
        int ignored = core.poll(late, Driver.BUDGET) + core.poll(late, Driver.BUDGET);
        assertThat(core.mib().value(Counter.ARP_OUT_REQUESTS)).isEqualTo(asked);
        ignored = core.poll(late, Driver.BUDGET);
        assertThat(core.mib().value(Counter.ARP_OUT_REQUESTS)).isEqualTo(asked + 1);

        arrive(10 * Driver.BUDGET, 60);
        for (int i = 0; i < 8; i++) {
            ignored = core.poll(2 * late, Driver.BUDGET);
        }
        assertThat(core.mib().value(Counter.ARP_OUT_REQUESTS)).isEqualTo(asked + 2);
    }

    private void askForANeighbour() {
        IpAddress nobody = IpAddress.parse("192.0.2.9");
        Tcb ignored = core.tcp()
                .connect(
                        Objects.requireNonNull(core.ip().route(null, nobody)),
                        50_000,
                        7,
                        core.tcp().newSettings(),
                        tcb -> {});
        core.flush();
    }
}
