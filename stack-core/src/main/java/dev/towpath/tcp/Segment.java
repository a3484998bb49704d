package dev.towpath.tcp;

import dev.towpath.buffer.Frame;
import dev.towpath.mib.DropReason;
import dev.towpath.wire.TcpHeader;
import dev.towpath.wire.TcpOptions;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The segment that has arrived, parsed once into RFC 9293's names. One object per stack, filled anew for each segment.
 */
final class Segment {
    /** SEG.SEQ: number of the first octet, or of the SYN. Moves right as what was received before is cut off. */
    int seq;

    /** SEG.ACK, meaningful with ACK. */
    int ack;

    /** SEG.LEN: octets of data, SYN and FIN included. */
    int length;

    /** SEG.WND as on the wire, unscaled. */
    int window;

    /** Control bits. */
    int flags;

    /** Octets of data. */
    int dataLength;

    /** Where the data begins in {@link #frame}. */
    int dataOffset;

    /** The frame that holds it, lent for the call. */
    @SuppressWarnings("NullAway.Init") // set by parse before anything reads it
    Frame frame;

    final TcpOptions options = new TcpOptions();

    /** Reads the segment that begins at {@code frame.transport}; returns why it can't be one, or null. */
    @Nullable
    DropReason parse(Frame frame) {
        ByteBuffer bytes = frame.bytes();
        int at = frame.transport;
        int available = frame.end - at;
        if (available < TcpHeader.MIN_LENGTH) {
            return DropReason.TCP_TOO_SHORT;
        }
        int headerLength = TcpHeader.headerLength(bytes, at);
        if (headerLength < TcpHeader.MIN_LENGTH || headerLength > available) {
            return DropReason.TCP_BAD_OFFSET;
        }
        this.frame = frame;
        seq = TcpHeader.sequence(bytes, at);
        ack = TcpHeader.acknowledgment(bytes, at);
        flags = TcpHeader.flags(bytes, at);
        window = TcpHeader.window(bytes, at);
        dataOffset = at + headerLength;
        dataLength = available - headerLength;
        length = dataLength + (syn() ? 1 : 0) + (fin() ? 1 : 0);
        frame.payload = dataOffset;
        options.parse(bytes, at + TcpHeader.MIN_LENGTH, dataOffset);
        return null;
    }

    int sourcePort() {
        return TcpHeader.sourcePort(frame.bytes(), frame.transport);
    }

    int destinationPort() {
        return TcpHeader.destinationPort(frame.bytes(), frame.transport);
    }

    boolean syn() {
        return (flags & TcpHeader.SYN) != 0;
    }

    boolean fin() {
        return (flags & TcpHeader.FIN) != 0;
    }

    boolean rst() {
        return (flags & TcpHeader.RST) != 0;
    }

    /** A SYN that asks for explicit congestion notification (RFC 3168 section 6.1.1, "ECN-setup SYN"). */
    boolean asksForEcn() {
        int both = TcpHeader.ECE | TcpHeader.CWR;
        return (flags & both) == both;
    }

    boolean ackFlag() {
        return (flags & TcpHeader.ACK) != 0;
    }

    /** Segments on the wire that it stands for: the link may have put several together. */
    int segments() {
        int size = frame.segmentSize;
        return size > 0 && dataLength > size ? (dataLength + size - 1) / size : 1;
    }

    /** The number behind its last octet. */
    int end() {
        return seq + length;
    }

    /** Takes the SYN off, and the ECN bits, which mean something else there: what follows is data. */
    void dropSyn() {
        flags &= ~(TcpHeader.SYN | TcpHeader.ECE | TcpHeader.CWR);
        seq++;
        length--;
    }

    /** Takes the first {@code octets} of data off. */
    void dropFront(int octets) {
        seq += octets;
        length -= octets;
        dataOffset += octets;
        dataLength -= octets;
    }

    /** Takes the last {@code octets} of data off, and the FIN behind them. */
    void dropBack(int octets) {
        if (fin()) {
            flags &= ~TcpHeader.FIN;
            length--;
        }
        length -= octets;
        dataLength -= octets;
    }
}
