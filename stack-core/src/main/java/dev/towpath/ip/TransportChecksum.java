package dev.towpath.ip;

import dev.towpath.buffer.Frame;
import dev.towpath.wire.Checksum;

/**
 * The checksum of TCP and UDP over pseudo-header, header and data (RFC 9293 section 3.1, RFC 768), for both IP versions
 * at once: an IPv4-mapped address adds 0xffff to the sum of its four bytes, which is zero in ones' complement, and so
 * are the leading zero bytes.
 */
public final class TransportChecksum {
    private TransportChecksum() {}

    /** The unfolded sum of two addresses. */
    public static long addressSum(long sourceHigh, long sourceLow, long destinationHigh, long destinationLow) {
        return halves(sourceHigh) + halves(sourceLow) + halves(destinationHigh) + halves(destinationLow);
    }

    /**
     * Fills in the checksum of the segment from {@code frame.transport} to {@code frame.end}, or leaves it to the link
     * where the path allows.
     *
     * @param offset of the checksum field in the transport header
     */
    public static void fill(Frame frame, Path path, int protocol, int offset) {
        int length = frame.end - frame.transport + frame.tailLength;
        long pseudo = path.pseudoHeaderSum() + protocol + length;
        int field = frame.transport + offset;
        if (path.checksumOffload()) {
            frame.bytes().putShort(field, (short) Checksum.fold(pseudo));
            frame.checksum = Frame.CHECKSUM_PARTIAL;
            frame.checksumStart = frame.transport;
            frame.checksumOffset = offset;
            return;
        }
        frame.bytes().putShort(field, (short) 0);
        int sum = Checksum.finish(pseudo + Checksum.sum(frame.words(), frame.transport, length));
        // RFC 768: in UDP zero means "no checksum", so a computed zero travels as its other form.
        frame.bytes().putShort(field, (short) (sum == 0 && protocol == IpLayer.UDP ? 0xffff : sum));
        frame.checksum = Frame.CHECKSUM_NONE;
    }

    /** True if the received segment's checksum is right, or was vouched for by the link. */
    public static boolean valid(Frame frame) {
        if (frame.checksum != Frame.CHECKSUM_NONE) {
            return true;
        }
        int length = frame.end - frame.transport;
        long pseudo = addressSum(frame.sourceHigh, frame.sourceLow, frame.destinationHigh, frame.destinationLow);
        long sum = pseudo + frame.protocol + length + Checksum.sum(frame.words(), frame.transport, length);
        return Checksum.fold(sum) == 0xffff;
    }

    private static long halves(long half) {
        return (half >>> 32) + (half & 0xffff_ffffL);
    }
}
