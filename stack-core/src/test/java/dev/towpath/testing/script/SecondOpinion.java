package dev.towpath.testing.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.testing.IndependentCodec;
import java.util.List;
import org.pcap4j.packet.Packet;
import org.pcap4j.packet.TcpMaximumSegmentSizeOption;
import org.pcap4j.packet.TcpPacket;
import org.pcap4j.packet.TcpPacket.TcpHeader;
import org.pcap4j.packet.TcpPacket.TcpOption;
import org.pcap4j.packet.TcpWindowScaleOption;

/**
 * Compares what {@link SegmentCodec} has read with what pcap4j reads in the same bytes: two mistakes would have to
 * agree to hide a third.
 */
final class SecondOpinion {
    private SecondOpinion() {}

    static void check(byte[] frame, WireSegment segment) {
        TcpPacket tcp = IndependentCodec.check(frame).get(TcpPacket.class);
        TcpHeader header = tcp.getHeader();
        assertThat(header.getSequenceNumber()).isEqualTo(segment.sequence());
        assertThat(header.getAcknowledgmentNumber()).isEqualTo(segment.acknowledgment());
        assertThat(header.getWindowAsInt()).isEqualTo(segment.window());
        assertThat(header.getSyn()).isEqualTo(segment.has(WireSegment.Flag.SYN));
        assertThat(header.getAck()).isEqualTo(segment.has(WireSegment.Flag.ACK));
        assertThat(header.getFin()).isEqualTo(segment.has(WireSegment.Flag.FIN));
        assertThat(header.getRst()).isEqualTo(segment.has(WireSegment.Flag.RST));
        Packet payload = tcp.getPayload();
        assertThat(payload == null ? new byte[0] : payload.getRawData()).isEqualTo(segment.payload());
        checkOptions(header.getOptions(), segment.options());
    }

    private static void checkOptions(List<TcpOption> options, WireSegment.Options ours) {
        Integer mss = null;
        Integer scale = null;
        for (TcpOption option : options) {
            if (option instanceof TcpMaximumSegmentSizeOption size) {
                mss = size.getMaxSegSizeAsInt();
            } else if (option instanceof TcpWindowScaleOption shift) {
                scale = shift.getShiftCountAsInt();
            }
        }
        assertThat(mss).isEqualTo(ours.mss());
        assertThat(scale).isEqualTo(ours.windowScale());
    }
}
