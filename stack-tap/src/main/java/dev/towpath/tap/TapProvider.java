package dev.towpath.tap;

import dev.towpath.link.LinkDevice;
import dev.towpath.link.LinkDeviceProvider;
import dev.towpath.link.LinkSettings;
import java.io.IOException;

/** Opens TAP devices by name: {@code tap:tap0}. */
public final class TapProvider implements LinkDeviceProvider {
    /** For {@link java.util.ServiceLoader}. */
    public TapProvider() {}

    @Override
    public String scheme() {
        return "tap";
    }

    @Override
    public LinkDevice open(String name, LinkSettings settings) throws IOException {
        return device(name, settings);
    }

    /** As {@link #open}, for who wants a TAP and nothing else. */
    public static TapDevice device(String name, LinkSettings settings) throws TapException {
        TapDevice.Builder builder =
                TapDevice.named(name).offload(settings.offload() ? Offload.CHECKSUM_TCP_UDP : Offload.NONE);
        if (settings.mtu() != null) {
            builder.mtu(settings.mtu());
        }
        if (settings.mac() != null) {
            builder.mac(settings.mac());
        }
        if (settings.hostAddress() != null) {
            builder.hostAddress(settings.hostAddress());
        }
        return builder.open();
    }
}
