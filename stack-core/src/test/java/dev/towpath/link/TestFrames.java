package dev.towpath.link;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.wire.EthernetHeader;
import dev.towpath.wire.MacAddress;
import java.util.Objects;

/** Ethernet frames that carry a number, so that a test knows them again. */
final class TestFrames {
    static final int NUMBER = EthernetHeader.LENGTH;
    static final int LENGTH = 60;

    private static final int EXPERIMENTAL = 0x88b5; // IEEE 802 local experimental EtherType 1

    private static final MacAddress SOURCE = MacAddress.local(1);
    private static final MacAddress DESTINATION = MacAddress.local(2);

    private TestFrames() {}

    static Frame numbered(FramePool pool, int number) {
        return numbered(pool, number, LENGTH);
    }

    static Frame numbered(FramePool pool, int number, int length) {
        return between(pool, SOURCE, DESTINATION, number, length);
    }

    static Frame between(FramePool pool, MacAddress source, MacAddress destination, int number, int length) {
        Frame frame = pool.take(Frame.HEADROOM + length);
        frame.start = Frame.HEADROOM;
        frame.end = Frame.HEADROOM + length;
        for (int at = frame.start; at < frame.end; at++) {
            frame.bytes().put(at, (byte) (number + at));
        }
        EthernetHeader.write(frame.bytes(), frame.start, destination.bits(), source.bits(), EXPERIMENTAL);
        frame.bytes().putInt(frame.start + NUMBER, number);
        return frame;
    }

    /** What {@code device} has received, which must be there. */
    static Frame received(LinkDevice device, long nowNanos) {
        return Objects.requireNonNull(device.receive(nowNanos), "nothing has arrived at " + device.name());
    }

    static int number(Frame frame) {
        return frame.bytes().getInt(frame.start + NUMBER);
    }

    static byte[] content(Frame frame) {
        byte[] content = new byte[frame.length()];
        frame.bytes().get(frame.start, content);
        return content;
    }
}
