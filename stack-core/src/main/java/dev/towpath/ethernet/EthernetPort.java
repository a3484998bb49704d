package dev.towpath.ethernet;

import dev.towpath.buffer.Frame;
import dev.towpath.link.LinkDevice;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.mib.Mib;
import dev.towpath.time.Clock;
import dev.towpath.wire.EthernetHeader;
import dev.towpath.wire.MacAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One link device's Ethernet: takes frames in for this host's address and for groups, and sends.
 *
 * <p>Whoever polls the device calls {@link #receive}; the layers above call {@link #send}. Not thread-safe: guarded by
 * the stack's lock.
 */
public final class EthernetPort {
    private final int interfaceIndex;
    private final LinkDevice device;
    private final Clock clock;
    private final Mib mib;
    private final long mac;

    /** EtherType and handler at the same index; a host speaks so few that looking through them is fastest. */
    private int[] types = new int[0];

    private EtherTypeHandler[] handlers = new EtherTypeHandler[0];

    /** A port of {@code device}; received frames carry {@code interfaceIndex}. */
    public EthernetPort(int interfaceIndex, LinkDevice device, Clock clock, Mib mib) {
        this.interfaceIndex = interfaceIndex;
        this.device = device;
        this.clock = clock;
        this.mib = mib;
        this.mac = device.mac().bits();
    }

    /** Delivers frames of {@code etherType} to {@code handler}. */
    public void register(int etherType, EtherTypeHandler handler) {
        int last = types.length;
        types = Arrays.copyOf(types, last + 1);
        handlers = Arrays.copyOf(handlers, last + 1);
        types[last] = etherType;
        handlers[last] = handler;
    }

    /** The device's own address. */
    public MacAddress mac() {
        return device.mac();
    }

    /** A frame from the device, lent for the call. */
    public void receive(Frame frame) {
        mib.count(Counter.IF_IN_FRAMES);
        mib.count(Counter.IF_IN_OCTETS, frame.length());
        if (!EthernetHeader.validate(frame.length())) {
            mib.drop(DropReason.ETHERNET_TOO_SHORT);
            return;
        }
        ByteBuffer bytes = frame.bytes();
        long destination = EthernetHeader.destination(bytes, frame.start);
        boolean group = MacAddress.isGroup(destination);
        if (destination != mac && !group) {
            mib.drop(DropReason.ETHERNET_OTHER_HOST); // a switch floods what it has not learned
            return;
        }
        if (MacAddress.isGroup(EthernetHeader.source(bytes, frame.start))) {
            mib.drop(DropReason.ETHERNET_BAD_SOURCE);
            return;
        }
        frame.linkGroup = group;
        frame.interfaceIndex = interfaceIndex;
        frame.network = frame.start + EthernetHeader.LENGTH;
        dispatch(frame, EthernetHeader.type(bytes, frame.start));
    }

    /**
     * Prepends the header to the packet from {@code frame.start} to {@code frame.end} and sends it; takes ownership.
     * What the device does not take is counted, and lost as on any link.
     */
    public void send(Frame frame, long destination, int etherType) {
        frame.start -= EthernetHeader.LENGTH;
        EthernetHeader.write(frame.bytes(), frame.start, destination, mac, etherType);
        pad(frame);
        frame.interfaceIndex = interfaceIndex;
        int length = frame.length();
        if (device.send(frame, clock.nanoTime())) {
            mib.count(Counter.IF_OUT_FRAMES);
            mib.count(Counter.IF_OUT_OCTETS, length);
        } else {
            mib.count(Counter.IF_OUT_DISCARDS);
            mib.drop(DropReason.DEVICE_QUEUE_FULL);
        }
    }

    private void dispatch(Frame frame, int type) {
        for (int i = 0; i < types.length; i++) {
            if (types[i] == type) {
                handlers[i].receive(frame);
                return;
            }
        }
        mib.drop(DropReason.ETHERNET_UNKNOWN_TYPE);
    }

    /** With zeros: padding that shows old memory has given secrets away before (CVE-2003-0001). */
    private static void pad(Frame frame) {
        ByteBuffer bytes = frame.bytes();
        while (frame.length() < EthernetHeader.MIN_FRAME) {
            bytes.put(frame.end++, (byte) 0);
        }
    }
}
