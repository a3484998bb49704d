package dev.towpath.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import org.junit.jupiter.api.Test;

class LoopbackDeviceTest {
    private final FramePool pool = new FramePool();
    private final LoopbackDevice loopback = new LoopbackDevice();

    @Test
    void whatIsSentIsReceivedInOrder() {
        Frame first = TestFrames.numbered(pool, 1);
        Frame second = TestFrames.numbered(pool, 2);
        first.interfaceIndex = 9;
        assertThat(loopback.nextEventNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(loopback.send(first, 0)).isTrue();
        assertThat(loopback.send(second, 0)).isTrue();
        assertThat(loopback.nextEventNanos()).isEqualTo(Long.MIN_VALUE);
        assertThat(loopback.receive(0)).isSameAs(first);
        assertThat(first.interfaceIndex).isZero();
        assertThat(loopback.receive(0)).isSameAs(second);
        assertThat(loopback.receive(0)).isNull();
    }

    @Test
    void isAsLargeAsAnIpPacketGets() {
        assertThat(loopback.mtu()).isEqualTo(65_535);
        assertThat(loopback.features()).isEqualTo(LinkFeatures.MEMORY);
        assertThat(loopback.name()).isEqualTo("lo");
        assertThat(loopback.mac().bits()).isZero();
    }

    @Test
    void isBoundedAndReleasesAllWhenClosed() {
        for (int i = 0; i < loopback.queueFrames(); i++) {
            assertThat(loopback.send(TestFrames.numbered(pool, i), 0)).isTrue();
        }
        assertThat(loopback.send(TestFrames.numbered(pool, 0), 0)).isFalse();
        loopback.close();
        assertThat(loopback.send(TestFrames.numbered(pool, 0), 0)).isFalse();
        assertThat(loopback.receive(0)).isNull();
        assertThat(pool.taken()).isZero();
    }
}
