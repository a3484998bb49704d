package dev.towpath.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.testing.Allocations;
import dev.towpath.wire.MacAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryWireTest {
    private final FramePool pool = new FramePool();
    private final MemoryWire wire = new MemoryWire();
    private final LinkDevice left = wire.left();
    private final LinkDevice right = wire.right();

    @Test
    void theFrameItselfArrivesAtTheOtherEnd() {
        Frame frame = TestFrames.numbered(pool, 1);
        byte[] content = TestFrames.content(frame);
        assertThat(left.send(frame, 0)).isTrue();
        assertThat(left.receive(0)).isNull();
        assertThat(right.receive(0)).isSameAs(frame);
        assertThat(TestFrames.content(frame)).isEqualTo(content);

        assertThat(right.send(frame, 0)).isTrue();
        assertThat(right.receive(0)).isNull();
        assertThat(left.receive(0)).isSameAs(frame);
        assertThat(left.receive(0)).isNull();
    }

    @Test
    void theReceiverLearnsOnlyWhatACardWouldTell() {
        Frame frame = TestFrames.numbered(pool, 1);
        frame.network = frame.transport = frame.payload = 110;
        frame.interfaceIndex = 3;
        frame.linkGroup = true;
        frame.sourceLow = frame.destinationLow = 4;
        frame.protocol = 6;
        frame.hopLimit = 64;
        frame.trafficClass = 1;
        frame.checksum = Frame.CHECKSUM_PARTIAL;
        frame.checksumStart = 120;
        frame.checksumOffset = 16;
        frame.segmentSize = 1460;
        left.send(frame, 0);

        Frame received = right.receive(0);
        assertThat(received).isSameAs(frame);
        assertThat(frame.checksum).isEqualTo(Frame.CHECKSUM_PARTIAL);
        assertThat(frame.checksumStart).isEqualTo(120);
        assertThat(frame.checksumOffset).isEqualTo(16);
        assertThat(frame.segmentSize).isEqualTo(1460);
        assertThat(frame.network + frame.transport + frame.payload + frame.interfaceIndex + frame.protocol)
                .isZero();
        assertThat(frame.linkGroup).isFalse();
        assertThat(frame.sourceLow + frame.destinationLow + frame.hopLimit + frame.trafficClass)
                .isZero();
    }

    @Test
    void saysWhenThereIsSomething() {
        int[] wakeUps = new int[2];
        left.onArrival(() -> wakeUps[0]++);
        right.onArrival(() -> wakeUps[1]++);
        assertThat(right.nextEventNanos()).isEqualTo(Long.MAX_VALUE);
        left.send(TestFrames.numbered(pool, 1), 0);
        assertThat(right.nextEventNanos()).isEqualTo(Long.MIN_VALUE);
        assertThat(left.nextEventNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(wakeUps).containsExactly(0, 1);
        assertThat(right.deviceWait()).isNull();
    }

    @Test
    void whatFindsNoRoomIsLost() {
        MemoryWire small = new MemoryWire(MemoryLink.DEFAULT.withQueueFrames(3));
        for (int i = 0; i < 5; i++) {
            assertThat(small.left().send(TestFrames.numbered(pool, i), 0)).isEqualTo(i < 3);
        }
        assertThat(small.left().queueFrames()).isEqualTo(3);
        assertThat(pool.taken()).isEqualTo(3);
    }

    @Test
    void aClosedEndNeitherSendsNorReceives() {
        left.send(TestFrames.numbered(pool, 1), 0);
        right.send(TestFrames.numbered(pool, 2), 0);
        right.close();
        right.close();
        assertThat(right.receive(0)).isNull();
        assertThat(right.nextEventNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(right.send(TestFrames.numbered(pool, 3), 0)).isFalse();
        assertThat(left.send(TestFrames.numbered(pool, 4), 0)).isFalse();
        TestFrames.received(left, 0).release(); // was on its way before
        assertThat(pool.taken()).isZero();
    }

    @Test
    void itsEndsAreWhatTheyAreDescribedAs() {
        assertThat(left.name()).isEqualTo("left");
        assertThat(right.name()).isEqualTo("right");
        assertThat(left.mac()).isNotEqualTo(right.mac());
        assertThat(left.mtu()).isEqualTo(1500);
        assertThat(left.features()).isEqualTo(LinkFeatures.MEMORY);

        MacAddress a = MacAddress.local(77);
        MacAddress b = MacAddress.local(78);
        MemoryWire plain = new MemoryWire(MemoryLink.PLAIN.withMtu(9000), "a", a, "b", b);
        assertThat(plain.left().name() + plain.right().name()).isEqualTo("ab");
        assertThat(plain.left().mac()).isEqualTo(a);
        assertThat(plain.right().mac()).isEqualTo(b);
        assertThat(plain.right().mtu()).isEqualTo(9000);
        assertThat(plain.right().features()).isEqualTo(LinkFeatures.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {67, 65_536, 0, -1})
    void anMtuThatIpCannotUseIsRefused(int mtu) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemoryLink.DEFAULT.withMtu(mtu))
                .withMessageContaining("an MTU is");
    }

    @Test
    void handingOverAllocatesNothing() {
        Allocations.assertNone(() -> {
            left.send(TestFrames.numbered(pool, 1), 0);
            Frame frame = right.receive(0);
            if (frame != null) {
                frame.release();
            }
        });
        assertThat(pool.taken()).isZero();
    }
}
