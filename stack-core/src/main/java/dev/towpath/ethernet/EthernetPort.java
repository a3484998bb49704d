package dev.towpath.ethernet;

import dev.towpath.buffer.Frame;
import dev.towpath.link.LinkDevice;
import dev.towpath.mib.Mib;
import dev.towpath.time.Clock;
import dev.towpath.wire.MacAddress;

/** One link device's Ethernet. */
public final class EthernetPort {
    /** A port of {@code device}; received frames carry {@code interfaceIndex}. */
    public EthernetPort(int interfaceIndex, LinkDevice device, Clock clock, Mib mib) {
        throw new UnsupportedOperationException();
    }

    /** Delivers frames of {@code etherType} to {@code handler}. */
    public void register(int etherType, EtherTypeHandler handler) {
        throw new UnsupportedOperationException();
    }

    /** The device's own address. */
    public MacAddress mac() {
        throw new UnsupportedOperationException();
    }

    /** A frame from the device, lent for the call. */
    public void receive(Frame frame) {
        throw new UnsupportedOperationException();
    }

    /** Prepends the header to {@code frame.start} and sends; takes ownership. */
    public void send(Frame frame, long destination, int etherType) {
        throw new UnsupportedOperationException();
    }
}
