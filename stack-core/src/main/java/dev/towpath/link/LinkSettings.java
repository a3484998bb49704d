package dev.towpath.link;

import dev.towpath.wire.IpPrefix;
import dev.towpath.wire.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a device shall be like; null where that is left to the device.
 *
 * @param mac the Ethernet address of the stack's end
 * @param mtu MTU in bytes
 * @param offload whether checksums and segmentation may be left to the device
 * @param hostAddress address for the kernel's end
 */
public record LinkSettings(
        @Nullable MacAddress mac,
        @Nullable Integer mtu,
        boolean offload,
        @Nullable IpPrefix hostAddress) {
    /** Everything as the device likes it. */
    public static final LinkSettings DEFAULT = new LinkSettings(null, null, true, null);
}
