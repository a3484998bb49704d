package dev.towpath.pcap;

import dev.towpath.link.LinkDevice;
import dev.towpath.link.LinkDeviceProvider;
import dev.towpath.link.LinkSettings;
import dev.towpath.wire.MacAddress;
import java.io.IOException;
import java.security.SecureRandom;

/** Opens interfaces of this machine by name: {@code pcap:eth0}. */
public final class PcapProvider implements LinkDeviceProvider {
    /** For {@link java.util.ServiceLoader}. */
    public PcapProvider() {}

    @Override
    public String scheme() {
        return "pcap";
    }

    @Override
    public LinkDevice open(String name, LinkSettings settings) throws IOException {
        if (settings.mtu() != null || settings.hostAddress() != null) {
            throw new IllegalArgumentException("an interface of this machine has the "
                    + (settings.mtu() != null ? "MTU" : "addresses")
                    + " that the kernel gave it; leave that away, or set it with ip(8)");
        }
        MacAddress mac = settings.mac();
        return PcapDevice.open(name, mac != null ? mac : MacAddress.local(new SecureRandom().nextLong()));
    }
}
