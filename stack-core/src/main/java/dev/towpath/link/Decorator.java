package dev.towpath.link;

import dev.towpath.buffer.Frame;
import dev.towpath.wire.MacAddress;
import org.jspecify.annotations.Nullable;

/** A device that does something to the frames of another and leaves the rest to it. */
abstract class Decorator implements LinkDevice {
    final LinkDevice device;

    Decorator(LinkDevice device) {
        this.device = device;
    }

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public MacAddress mac() {
        return device.mac();
    }

    @Override
    public int mtu() {
        return device.mtu();
    }

    @Override
    public LinkFeatures features() {
        return device.features();
    }

    @Override
    public boolean crowded() {
        return device.crowded();
    }

    @Override
    public int queueFrames() {
        return device.queueFrames();
    }

    @Override
    public abstract boolean send(Frame frame, long nowNanos);

    @Override
    public abstract @Nullable Frame receive(long nowNanos);

    @Override
    public long nextEventNanos() {
        return device.nextEventNanos();
    }

    @Override
    public void onArrival(Runnable wake) {
        device.onArrival(wake);
    }

    @Override
    public @Nullable DeviceWait deviceWait() {
        return device.deviceWait();
    }

    @Override
    public void close() {
        device.close();
    }
}
