package dev.towpath.link;

import dev.towpath.buffer.Frame;
import dev.towpath.wire.Checksum;
import dev.towpath.wire.UdpHeader;

/** Completes what {@link Frame#CHECKSUM_PARTIAL} leaves to the device, for devices that have nobody to leave it to. */
public final class PartialChecksum {
    private PartialChecksum() {}

    /**
     * The transport checksum of a frame that is {@link Frame#CHECKSUM_PARTIAL}. The field holds the pseudo-header's
     * sum, so that the sum over everything from {@link Frame#checksumStart} on, the field included, is the whole.
     */
    public static int of(Frame frame) {
        int sum = Checksum.finish(Checksum.sum(frame.words(), frame.checksumStart, frame.end - frame.checksumStart));
        boolean udp = frame.checksumOffset == UdpHeader.CHECKSUM;
        return sum == 0 && udp ? 0xffff : sum; // RFC 768: zero would mean "no checksum"
    }

    /** Writes the checksum into the frame if it is not complete; nobody vouches for the frame any more. */
    public static void complete(Frame frame) {
        if (frame.checksum == Frame.CHECKSUM_PARTIAL) {
            frame.bytes().putShort(frame.checksumStart + frame.checksumOffset, (short) of(frame));
        }
        frame.checksum = Frame.CHECKSUM_NONE;
    }
}
