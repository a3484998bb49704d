package dev.towpath.ipv4;

import dev.towpath.arp.ArpLayer;
import dev.towpath.arp.ArpUser;
import dev.towpath.arp.Neighbour;
import dev.towpath.buffer.Frame;
import dev.towpath.ethernet.EthernetPort;
import dev.towpath.ip.SourceFilter;
import dev.towpath.link.LinkDevice;
import dev.towpath.wire.EthernetHeader;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import dev.towpath.wire.Ipv4Header;
import dev.towpath.wire.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A link device with its addresses and its neighbours. {@link Ipv4Layer} makes it and owns it. */
public final class NetworkInterface {
    /** Smallest MTU that IPv4 works with (RFC 791 section 3.2). */
    private static final int SMALLEST_MTU = 68;

    final EthernetPort port;
    final int mtu;
    final int maxSuperSegment;
    final boolean cutsDatagrams;
    final boolean checksumOffload;
    final boolean gathers;
    /** Null for loopback, where there is nobody to ask. */
    final @Nullable ArpLayer arp;

    final GroupTable groups = new GroupTable();

    private final int index;
    private final String name;
    private final LinkDevice device;
    private final List<IpPrefix> addresses = new ArrayList<>();
    /** The addresses' bits and masks, and their networks' broadcast addresses: what the data path compares with. */
    private int[] own = {};

    private int[] masks = {};

    private int[] broadcasts = {};

    NetworkInterface(int index, String name, LinkDevice device, Ipv4Layer layer, boolean loopback) {
        this.index = index;
        this.name = name;
        this.device = device;
        this.mtu = Math.min(device.mtu(), Ipv4Header.MAX_TOTAL_LENGTH);
        this.maxSuperSegment = device.features().maxSuperSegment();
        this.cutsDatagrams = device.features().udpSegmentation();
        this.checksumOffload = device.features().checksumOffload();
        this.gathers = device.gathers();
        if (mtu < SMALLEST_MTU) {
            throw new IllegalArgumentException(
                    name + " has an MTU of " + mtu + "; IPv4 needs at least " + SMALLEST_MTU + ", so raise it");
        }
        Ipv4Layer.Parts parts = layer.parts();
        this.port = new EthernetPort(index, device, parts.clock(), parts.mib());
        port.register(EthernetHeader.IPV4, layer::receive);
        ArpLayer.Parts arpParts =
                new ArpLayer.Parts(parts.config().arp(), parts.frames(), parts.wheel(), parts.clock(), parts.mib());
        this.arp = loopback ? null : new ArpLayer(arpParts, port, new ArpSide(layer));
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
        return arp == null;
    }

    /** Its addresses with the networks that they are in. */
    public List<IpPrefix> addresses() {
        return List.copyOf(addresses);
    }

    /** The multicast groups that this host is in here, lowest first; 224.0.0.1 goes without saying. */
    public List<Integer> groups() {
        return groups.addresses();
    }

    /** Whom this host wants to hear of those who send to {@code group} here. */
    public SourceFilter groupFilter(int group) {
        return groups.filter(group);
    }

    /** Takes a frame in that the device has received; it is lent for the call. */
    public void receive(Frame frame) {
        port.receive(frame);
    }

    /** Calls {@code action} for each neighbour that is known or asked for. */
    public void forEachNeighbour(Consumer<Neighbour> action) {
        if (arp != null) {
            arp.forEach(action);
        }
    }

    @Override
    public String toString() {
        return name + " " + mac() + " mtu " + mtu + " " + addresses;
    }

    void add(IpPrefix address) {
        addresses.add(address);
        addressesChanged();
    }

    boolean remove(IpPrefix address) {
        boolean removed = addresses.remove(address);
        addressesChanged();
        return removed;
    }

    void close() {
        if (arp != null) {
            arp.close();
        }
    }

    boolean owns(int address) {
        return contains(own, address);
    }

    /** True for the broadcast address of one of its networks; 255.255.255.255 belongs to none. */
    boolean isBroadcast(int address) {
        return contains(broadcasts, address);
    }

    /** The address to send from to a neighbour: the one in the same network, else the first; null if it has none. */
    @Nullable
    IpAddress sourceTowards(IpAddress neighbour) {
        int nearest = nearest(neighbour.v4());
        return nearest < 0 ? null : addresses.get(nearest).address();
    }

    /** The index of that address, or -1. */
    private int nearest(int neighbour) {
        int nearest = -1;
        int longest = -1;
        for (int i = 0; i < own.length; i++) {
            boolean sameNetwork = ((own[i] ^ neighbour) & masks[i]) == 0;
            int fits = sameNetwork ? Integer.bitCount(masks[i]) : -1;
            if (nearest < 0 || fits > longest) {
                nearest = i;
                longest = fits;
            }
        }
        return nearest;
    }

    private void addressesChanged() {
        own = addresses.stream().mapToInt(prefix -> prefix.address().v4()).toArray();
        masks = addresses.stream()
                .mapToInt(prefix -> prefix.length() == 0 ? 0 : -1 << (Integer.SIZE - prefix.length()))
                .toArray();
        broadcasts = addresses.stream()
                .filter(IpPrefix::hasBroadcast)
                .mapToInt(IpPrefix::broadcastV4)
                .toArray();
    }

    private static boolean contains(int[] sought, int address) {
        for (int a : sought) {
            if (a == address) {
                return true;
            }
        }
        return false;
    }

    /** What ARP asks this interface. */
    private final class ArpSide implements ArpUser {
        private final Ipv4Layer layer;

        ArpSide(Ipv4Layer layer) {
            this.layer = layer;
        }

        @Override
        public boolean owns(int address) {
            return NetworkInterface.this.owns(address);
        }

        @Override
        public boolean mayBeNeighbour(int address) {
            return !layer.isOwn(address) && Ipv4Layer.isUnicast(address) && !isBroadcast(address);
        }

        @Override
        public int sourceTowards(int target) {
            int nearest = nearest(target);
            return nearest < 0 ? 0 : own[nearest];
        }

        @Override
        public void unresolved(Frame packet) {
            layer.unresolved(packet);
        }
    }
}
