package dev.towpath.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.buffer.Frame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class VnetHeaderTest {
    private static final int START = 60;
    private static final int TRANSPORT = START + 14 + 20;

    private final Frame frame = Frame.unpooled(4096);
    private final ByteBuffer host = frame.bytes().duplicate().order(ByteOrder.nativeOrder());

    @Test
    void plainFrameHasAHeaderOfZeros() {
        ipv4();
        for (int i = 0; i < VnetHeader.LENGTH; i++) {
            frame.bytes().put(START - VnetHeader.LENGTH + i, (byte) 0xff);
        }
        VnetHeader.write(frame);
        assertHeader(0, 0, 0, 0, 0, 0);
    }

    @Test
    void partialChecksumIsLeftToTheKernel() {
        tcp(0);
        VnetHeader.write(frame);
        assertHeader(1, 0, 0, 0, 34, 16);
    }

    @Test
    void tcpSuperSegmentIsCutByTheKernel() {
        tcp(0);
        frame.segmentSize = 1448;
        VnetHeader.write(frame);
        assertHeader(1, 1, 14 + 20 + 32, 1448, 34, 16);
    }

    @Test
    void congestionWindowReducedIsSaid() {
        tcp(0x80);
        frame.segmentSize = 1448;
        VnetHeader.write(frame);
        assertHeader(1, 0x81, 14 + 20 + 32, 1448, 34, 16);
    }

    @Test
    void udpSuperDatagramIsCutByTheKernel() {
        ipv4();
        frame.checksum = Frame.CHECKSUM_PARTIAL;
        frame.checksumStart = TRANSPORT;
        frame.checksumOffset = 6;
        frame.segmentSize = 1200;
        VnetHeader.write(frame);
        assertHeader(1, 5, 14 + 20 + 8, 1200, 34, 6);
    }

    @Test
    void whatIsWrittenIsRead() {
        tcp(0);
        frame.segmentSize = 1000;
        VnetHeader.write(frame);
        frame.checksum = Frame.CHECKSUM_NONE;
        frame.checksumStart = frame.checksumOffset = frame.segmentSize = 0;
        VnetHeader.read(frame);
        assertThat(frame.checksum).isEqualTo(Frame.CHECKSUM_PARTIAL);
        assertThat(frame.checksumStart).isEqualTo(TRANSPORT);
        assertThat(frame.checksumOffset).isEqualTo(16);
        assertThat(frame.segmentSize).isEqualTo(1000);
    }

    @Test
    void verifiedChecksumIsNoted() {
        ipv4();
        host.put(START - VnetHeader.LENGTH, (byte) 2);
        VnetHeader.read(frame);
        assertThat(frame.checksum).isEqualTo(Frame.CHECKSUM_VALID);
        assertThat(frame.segmentSize).isZero();
    }

    @Test
    void ecnBitAloneMakesNoSuperSegment() {
        ipv4();
        host.put(START - VnetHeader.LENGTH + 1, (byte) 0x80);
        host.putShort(START - VnetHeader.LENGTH + 4, (short) 1448);
        VnetHeader.read(frame);
        assertThat(frame.segmentSize).isZero();
    }

    private void ipv4() {
        frame.start = START;
        frame.end = START + 1000;
        frame.bytes().put(START + 14, (byte) 0x45);
    }

    private void tcp(int flags) {
        ipv4();
        frame.checksum = Frame.CHECKSUM_PARTIAL;
        frame.checksumStart = TRANSPORT;
        frame.checksumOffset = 16;
        frame.bytes().put(TRANSPORT + 12, (byte) 0x80); // eight words: a header of 32 bytes
        frame.bytes().put(TRANSPORT + 13, (byte) flags);
    }

    private void assertHeader(int flags, int type, int length, int size, int checksumStart, int checksumOffset) {
        int at = START - VnetHeader.LENGTH;
        int[] header = {
            host.get(at) & 0xff,
            host.get(at + 1) & 0xff,
            host.getShort(at + 2),
            host.getShort(at + 4),
            host.getShort(at + 6),
            host.getShort(at + 8)
        };
        assertThat(header).containsExactly(flags, type, length, size, checksumStart, checksumOffset);
    }
}
