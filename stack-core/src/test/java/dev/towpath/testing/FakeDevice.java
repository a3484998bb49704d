package dev.towpath.testing;

import dev.towpath.buffer.Frame;
import dev.towpath.link.LinkDevice;
import dev.towpath.link.LinkFeatures;
import dev.towpath.wire.MacAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pcap4j.packet.EthernetPacket;

/**
 * A device that keeps what is sent, each frame checked by the {@link IndependentCodec}; a test hands received frames to
 * the interface itself.
 */
public final class FakeDevice implements LinkDevice {
    private final String name;
    private final MacAddress mac;
    private final int mtu;
    private final LinkFeatures features;
    private final Deque<EthernetPacket> sent = new ArrayDeque<>();
    private final List<Integer> segmentSizes = new ArrayList<>();
    private boolean full;
    private boolean careless;
    private int carelesslySent;

    /** A device with these properties. */
    public FakeDevice(String name, MacAddress mac, int mtu, LinkFeatures features) {
        this.name = name;
        this.mac = mac;
        this.mtu = mtu;
        this.features = features;
    }

    /** From now on its queue takes nothing, or again everything. */
    public void full(boolean isFull) {
        full = isFull;
    }

    /** From now on frames are only counted: keeping them would allocate. */
    public void careless() {
        careless = true;
    }

    /** Frames sent since {@link #careless}. */
    public int carelesslySent() {
        return carelesslySent;
    }

    /** What has been sent since this was asked last. */
    public List<EthernetPacket> sent() {
        List<EthernetPacket> all = new ArrayList<>(sent);
        sent.clear();
        return all;
    }

    /** The segment size of each frame that has been sent since this was asked last; 0 for one that is not to be cut. */
    public List<Integer> segmentSizes() {
        List<Integer> all = List.copyOf(segmentSizes);
        segmentSizes.clear();
        return all;
    }

    @Override
    public boolean send(Frame frame, long nowNanos) {
        if (careless) {
            carelesslySent++;
        } else if (!full) {
            sent.add(IndependentCodec.check(frame));
            segmentSizes.add(frame.segmentSize);
        }
        frame.release();
        return !full;
    }

    @Override
    public @Nullable Frame receive(long nowNanos) {
        return null;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public MacAddress mac() {
        return mac;
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public LinkFeatures features() {
        return features;
    }

    @Override
    public void onArrival(Runnable wake) {}

    @Override
    public void close() {}
}
