package dev.towpath.jdk;

import java.lang.ref.WeakReference;
import java.net.DatagramPacket;
import org.jspecify.annotations.Nullable;

/**
 * How much fits into a packet that a program receives into again and again. The JDK's own sockets set the length of what
 * has come without making the packet smaller; nobody else can, for {@link DatagramPacket#setLength} does both. So the
 * room that the packet had is remembered for as long as the program leaves its length alone.
 */
public final class PacketRoom {
    private WeakReference<@Nullable DatagramPacket> last = new WeakReference<>(null);
    private int lastRoom;
    private int lastLength;
    private int lastOffset;
    private byte @Nullable [] lastData;

    /** The bytes that may be received into {@code packet}. */
    public int of(DatagramPacket packet) {
        boolean untouched = packet == last.get()
                && packet.getData() == lastData
                && packet.getOffset() == lastOffset
                && packet.getLength() == lastLength;
        return untouched ? lastRoom : packet.getLength();
    }

    /** {@code length} bytes have been received into {@code packet}. */
    public void received(DatagramPacket packet, int length) {
        lastRoom = of(packet);
        lastLength = length;
        lastOffset = packet.getOffset();
        lastData = packet.getData();
        last = new WeakReference<>(packet);
        packet.setLength(length);
    }
}
