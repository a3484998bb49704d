package dev.towpath.link;

import dev.towpath.buffer.Frame;
import dev.towpath.wire.MacAddress;
import org.jspecify.annotations.Nullable;

/** The receiving half that devices in memory have in common: a queue of frames that have arrived. */
abstract class MemoryDevice implements LinkDevice {
    final FrameQueue arrived;
    private final String name;
    private final MacAddress mac;
    private final MemoryLink link;

    MemoryDevice(String name, MacAddress mac, MemoryLink link) {
        this.name = name;
        this.mac = mac;
        this.link = link;
        this.arrived = new FrameQueue(link.queueFrames());
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final MacAddress mac() {
        return mac;
    }

    @Override
    public final int mtu() {
        return link.mtu();
    }

    @Override
    public final LinkFeatures features() {
        return link.features();
    }

    @Override
    public final int queueFrames() {
        return link.queueFrames();
    }

    @Override
    public final @Nullable Frame receive(long nowNanos) {
        return arrived.poll();
    }

    @Override
    public final long nextEventNanos() {
        return arrived.isEmpty() ? Long.MAX_VALUE : Long.MIN_VALUE;
    }

    @Override
    public final void onArrival(Runnable wake) {
        arrived.onArrival(wake);
    }
}
