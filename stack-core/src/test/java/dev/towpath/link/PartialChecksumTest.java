package dev.towpath.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.wire.Checksum;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartialChecksumTest {
    private static final int TRANSPORT = Frame.HEADROOM + 34;

    private final FramePool pool = new FramePool();

    private Frame partial(int length, int offset, long pseudoHeader) {
        Frame frame = TestFrames.numbered(pool, 1, 34 + length);
        frame.checksum = Frame.CHECKSUM_PARTIAL;
        frame.checksumStart = TRANSPORT;
        frame.checksumOffset = offset;
        frame.bytes().putShort(TRANSPORT + offset, (short) Checksum.fold(pseudoHeader));
        return frame;
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void completesToWhatIsComputedAtOnce(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            long pseudoHeader = random.nextInt(1 << 20);
            int length = 20 + random.nextInt(1400);
            Frame frame = partial(length, 16, pseudoHeader);
            for (int at = TRANSPORT + 18; at < frame.end; at++) {
                frame.bytes().put(at, (byte) random.nextInt());
            }
            frame.bytes().putShort(TRANSPORT + 16, (short) 0);
            int expected = Checksum.finish(pseudoHeader + Checksum.sum(frame.words(), TRANSPORT, length));
            frame.bytes().putShort(TRANSPORT + 16, (short) Checksum.fold(pseudoHeader));

            assertThat(PartialChecksum.of(frame)).as("seed %d", seed).isEqualTo(expected);
            PartialChecksum.complete(frame);
            assertThat(frame.bytes().getShort(TRANSPORT + 16) & 0xffff).isEqualTo(expected);
            assertThat(frame.checksum).isEqualTo(Frame.CHECKSUM_NONE);
            frame.release();
        }
    }

    @ParameterizedTest
    @CsvSource({"6, 65535", "16, 0"})
    void aSumOfZeroIsWrittenInItsOtherFormByUdpOnly(int offset, int written) { // RFC 768
        Frame frame = partial(20, offset, 0);
        for (int at = TRANSPORT; at < frame.end; at++) {
            frame.bytes().put(at, (byte) 0);
        }
        frame.bytes().putShort(TRANSPORT + 10, (short) 0xffff);
        assertThat(PartialChecksum.of(frame)).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(bytes = {Frame.CHECKSUM_NONE, Frame.CHECKSUM_VALID})
    void whatIsCompleteStaysAsItIs(byte state) {
        Frame frame = partial(20, 16, 1234);
        frame.checksum = state;
        byte[] before = TestFrames.content(frame);
        PartialChecksum.complete(frame);
        assertThat(TestFrames.content(frame)).isEqualTo(before);
        assertThat(frame.checksum).isEqualTo(Frame.CHECKSUM_NONE);
    }
}
