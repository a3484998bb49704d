package dev.towpath.ipv4;

import dev.towpath.buffer.Frame;
import dev.towpath.link.LinkDevice;
import dev.towpath.wire.IpPrefix;
import dev.towpath.wire.MacAddress;
import java.util.List;

/** A link device with its addresses, and for other than loopback its neighbours. */
public final class NetworkInterface {
    private final int index;
    private final String name;
    private final LinkDevice device;
    private final boolean loopback;

    NetworkInterface(int index, String name, LinkDevice device, boolean loopback) {
        this.index = index;
        this.name = name;
        this.device = device;
        this.loopback = loopback;
    }

    /** Its place in {@link Ipv4Layer#interfaces}, by which frames name it. */
    public int index() {
        return index;
    }

    /** Name for people, such as {@code tap0}. */
    public String name() {
        return name;
    }

    /** The device below. */
    public LinkDevice device() {
        return device;
    }

    /** Its Ethernet address. */
    public MacAddress mac() {
        return device.mac();
    }

    /** Packets sent here come back to this host. */
    public boolean loopback() {
        return loopback;
    }

    /** Its addresses with the networks that they are in. */
    public List<IpPrefix> addresses() {
        throw new UnsupportedOperationException();
    }

    /** Takes a frame in that the device has received; it is lent for the call. */
    public void receive(Frame frame) {
        throw new UnsupportedOperationException();
    }
}
