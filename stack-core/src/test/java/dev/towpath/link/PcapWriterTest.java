package dev.towpath.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.testing.Allocations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PcapWriterTest {
    private static final int FILE_HEADER = 24;

    private final FramePool pool = new FramePool();
    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    /** A disk that is full after so many bytes. */
    private static final class FullDisk extends OutputStream {
        private int room;
        private int attempts;
        private boolean closed;

        FullDisk(int room) {
            this.room = room;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            attempts++;
            room -= length;
            if (room < 0) {
                throw new IOException("No space left on device");
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void writesTheHeadersThatWiresharkExpects() throws IOException {
        Frame frame = TestFrames.numbered(pool, 5);
        try (PcapWriter capture = new PcapWriter(file, 1_700_000_000_000_000_000L)) {
            capture.write(frame, 123_456_789L);
        }
        ByteBuffer pcap = littleEndian(file.toByteArray());
        assertThat(pcap.getInt()).isEqualTo(0xa1b23c4d);
        assertThat(pcap.getShort()).isEqualTo((short) 2);
        assertThat(pcap.getShort()).isEqualTo((short) 4);
        assertThat(pcap.getLong()).isZero();
        assertThat(pcap.getInt()).isEqualTo(262_144);
        assertThat(pcap.getInt()).isEqualTo(1);

        assertThat(pcap.getInt()).isEqualTo(1_700_000_000);
        assertThat(pcap.getInt()).isEqualTo(123_456_789);
        assertThat(pcap.getInt()).isEqualTo(TestFrames.LENGTH);
        assertThat(pcap.getInt()).isEqualTo(TestFrames.LENGTH);
        byte[] content = new byte[TestFrames.LENGTH];
        pcap.get(content);
        assertThat(content).isEqualTo(TestFrames.content(frame));
        assertThat(pcap.hasRemaining()).isFalse();
    }

    @Test
    void nanosecondsAreNeverNegative() throws IOException {
        try (PcapWriter capture = new PcapWriter(file, 10_000_000_000L)) {
            capture.write(TestFrames.numbered(pool, 5), -1);
        }
        ByteBuffer pcap = littleEndian(file.toByteArray());
        assertThat(pcap.getInt(FILE_HEADER)).isEqualTo(9);
        assertThat(pcap.getInt(FILE_HEADER + 4)).isEqualTo(999_999_999);
    }

    @Test
    void moreThanItsBufferHoldsComesInOrder() throws IOException {
        int count = 5000;
        try (PcapWriter capture = new PcapWriter(file, 0)) {
            for (int i = 0; i < count; i++) {
                Frame frame = TestFrames.numbered(pool, i, 60 + i % 60_000);
                capture.write(frame, i);
                frame.release();
            }
        }
        ByteBuffer pcap = littleEndian(file.toByteArray());
        int at = FILE_HEADER;
        for (int i = 0; i < count; i++) {
            assertThat(pcap.getInt(at + 4)).isEqualTo(i);
            assertThat(pcap.getInt(at + 8)).isEqualTo(60 + i % 60_000);
            assertThat(Integer.reverseBytes(pcap.getInt(at + 16 + TestFrames.NUMBER)))
                    .isEqualTo(i);
            at += 16 + pcap.getInt(at + 8);
        }
        assertThat(at).isEqualTo(pcap.capacity());
    }

    @Test
    void aPartialChecksumIsWrittenCompleteAndLeftAloneInTheFrame() throws IOException {
        Frame frame = TestFrames.numbered(pool, 1, 101);
        frame.checksum = Frame.CHECKSUM_PARTIAL;
        frame.checksumStart = frame.start + 34;
        frame.checksumOffset = 16;
        byte[] before = TestFrames.content(frame);
        try (PcapWriter capture = new PcapWriter(file, 0)) {
            capture.write(frame, 0);
        }
        assertThat(TestFrames.content(frame)).isEqualTo(before);
        assertThat(frame.checksum).isEqualTo(Frame.CHECKSUM_PARTIAL);
        PartialChecksum.complete(frame);
        byte[] written = new byte[101];
        littleEndian(file.toByteArray()).get(FILE_HEADER + 16, written);
        assertThat(written).isEqualTo(TestFrames.content(frame)).isNotEqualTo(before);
    }

    @Test
    void aFullDiskStopsTheCaptureAndIsReportedAtTheEnd() {
        FullDisk disk = new FullDisk(100_000);
        PcapWriter capture = new PcapWriter(disk, 0);
        Frame frame = TestFrames.numbered(pool, 1, 60_000);
        for (int i = 0; i < 100; i++) {
            capture.write(frame, i);
        }
        capture.flush();
        assertThat(disk.attempts).isEqualTo(1);
        assertThatThrownBy(capture::close)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not complete")
                .hasMessageContaining("No space left on device");
        assertThat(disk.closed).isTrue();
        assertThat(disk.attempts).isEqualTo(1);
    }

    @Test
    void afterClosingNothingIsWritten() throws IOException {
        PcapWriter capture = new PcapWriter(file, 0);
        capture.close();
        capture.write(TestFrames.numbered(pool, 1), 0);
        capture.flush();
        capture.close();
        assertThat(file.size()).isEqualTo(FILE_HEADER);
    }

    @Test
    void anInterruptedThreadStillWritesToItsFile(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("capture.pcap");
        Thread.currentThread().interrupt();
        try (PcapWriter capture = PcapWriter.open(path, 0)) {
            capture.write(TestFrames.numbered(pool, 1), 0);
            capture.flush();
            capture.write(TestFrames.numbered(pool, 2), 0);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(Files.size(path)).isEqualTo(FILE_HEADER + 2 * (16 + TestFrames.LENGTH));
    }

    @Test
    void capturingAllocatesNothing() {
        PcapWriter capture = new PcapWriter(OutputStream.nullOutputStream(), 0);
        Frame frame = TestFrames.numbered(pool, 1);
        Allocations.assertNone(() -> capture.write(frame, 7));
    }

    @Test
    void aCapturingDeviceWritesBothDirectionsAndPassesEverythingOn() throws IOException {
        MemoryWire wire = new MemoryWire();
        try (PcapWriter capture = new PcapWriter(file, 0)) {
            LinkDevice device = new CapturingDevice(wire.left(), capture);
            Frame out = TestFrames.numbered(pool, 1);
            Frame in = TestFrames.numbered(pool, 2);
            assertThat(device.receive(5)).isNull();
            assertThat(device.send(out, 10)).isTrue();
            wire.right().send(in, 0);
            assertThat(device.nextEventNanos()).isEqualTo(Long.MIN_VALUE);
            assertThat(device.receive(20)).isSameAs(in);
            assertThat(wire.right().receive(0)).isSameAs(out);
            assertThat(device.mac()).isEqualTo(wire.left().mac());
            assertThat(device.name()).isEqualTo("left");
            assertThat(device.mtu()).isEqualTo(1500);
            assertThat(device.features()).isEqualTo(LinkFeatures.MEMORY);
            assertThat(device.queueFrames()).isEqualTo(1000);

            device.close();
            assertThat(file.size()).isEqualTo(FILE_HEADER + 2 * (16 + TestFrames.LENGTH));
            assertThat(wire.left().send(TestFrames.numbered(pool, 3), 0)).isFalse();
        }
        ByteBuffer pcap = littleEndian(file.toByteArray());
        assertThat(pcap.getInt(FILE_HEADER + 4)).isEqualTo(10);
        assertThat(pcap.getInt(FILE_HEADER + 16 + TestFrames.LENGTH + 4)).isEqualTo(20);
    }
}
