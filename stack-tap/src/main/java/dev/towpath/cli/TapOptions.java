package dev.towpath.cli;

import dev.towpath.link.LinkDevice;
import dev.towpath.stack.NetworkStack;
import dev.towpath.tap.Offload;
import dev.towpath.tap.TapDevice;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.MacAddress;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that bring a stack up on a TAP, and what they make. */
final class TapOptions {
    /** What {@code --offload} takes. */
    enum OffloadChoice {
        AUTO,
        OFF
    }

    @Option(
            names = "--tap",
            paramLabel = "NAME",
            description =
                    "TAP device to create or attach to, in the network namespace of this process. Default: ${DEFAULT-VALUE}")
    private String tap = "tap0";

    @Option(
            names = "--address",
            paramLabel = "A/N",
            description = "The stack's address and prefix length. Default: ${DEFAULT-VALUE}")
    private AddressPrefix address = AddressPrefix.parse("192.0.2.2/24");

    @Option(
            names = "--host-address",
            paramLabel = "A/N",
            description = "Address to give the kernel's end of the TAP. Default: the one it has")
    private @Nullable AddressPrefix hostAddress;

    @Option(names = "--gateway", paramLabel = "A", description = "Default gateway of the stack. Default: none")
    private @Nullable IpAddress gateway;

    @Option(names = "--mac", paramLabel = "M", description = "The stack's Ethernet address. Default: a random one")
    private @Nullable MacAddress mac;

    @Option(names = "--mtu", paramLabel = "N", description = "MTU in bytes. Default: ${DEFAULT-VALUE}")
    private int mtu = 1500;

    @Option(
            names = "--offload",
            paramLabel = "auto|off",
            description =
                    "Leave checksums and segmentation to the kernel as far as it offers that, or do without. Default: auto")
    private OffloadChoice offload = OffloadChoice.AUTO;

    /** A stack on a TAP; closing it closes all that belongs to it, in order. */
    record Host(NetworkStack stack, TapDevice tap, String description) implements AutoCloseable {
        @Override
        public void close() {
            stack.close();
        }
    }

    AddressPrefix address() {
        return address;
    }

    Host open() throws IOException {
        TapDevice.Builder builder = TapDevice.named(tap)
                .mtu(mtu)
                .offload(offload == OffloadChoice.OFF ? Offload.NONE : Offload.CHECKSUM_TCP_UDP);
        if (mac != null) {
            builder.mac(mac);
        }
        if (hostAddress != null) {
            builder.hostAddress(hostAddress.address(), hostAddress.length());
        }
        TapDevice device = builder.open();
        try {
            LinkDevice link = device;
            NetworkStack.Builder stack = NetworkStack.builder().name(tap).device(link, address.toString());
            if (gateway != null) {
                stack.gateway(gateway.toString());
            }
            return new Host(stack.start(), device, describe(device));
        } catch (RuntimeException e) {
            device.close();
            throw e;
        }
    }

    private String describe(TapDevice device) {
        return "stack " + address + " (" + device.mac() + ") on " + device.name() + ", kernel's end "
                + (hostAddress == null ? "as it is" : hostAddress) + ", MTU " + device.mtu() + ", offload "
                + switch (device.offload()) {
                    case CHECKSUM_TCP_UDP -> "of checksums, TCP and UDP segmentation";
                    case CHECKSUM_TCP -> "of checksums and TCP segmentation";
                    case CHECKSUM -> "of checksums";
                    case NONE -> "none";
                };
    }
}
