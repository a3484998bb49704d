package dev.towpath.cli;

import dev.towpath.link.LinkSettings;
import dev.towpath.mib.Counter;
import dev.towpath.setup.StackHost;
import dev.towpath.stack.NetworkStack;
import dev.towpath.tap.Offload;
import dev.towpath.tap.TapDevice;
import dev.towpath.tap.TapProvider;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import dev.towpath.wire.MacAddress;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
    private IpPrefix address = IpPrefix.parse("192.0.2.2/24");

    @Option(
            names = "--host-address",
            paramLabel = "A/N",
            description = "Address to give the kernel's end of the TAP. Default: the one it has")
    private @Nullable IpPrefix hostAddress;

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

    @Option(
            names = "--memory",
            paramLabel = "MIB",
            description =
                    "Buffer memory for all sockets together, in MiB; when it is spent, windows shrink and new connections"
                            + " are refused. Default: 256, less in a small JVM")
    private @Nullable Integer memory;

    @Option(
            names = "--capture",
            paramLabel = "FILE.pcap",
            description = "Write every frame to a file for Wireshark or tcpdump")
    private @Nullable Path capture;

    /** A stack on a TAP, and the capture of what passes there. Closing it closes all that belongs to it, in order. */
    record Host(StackHost host, boolean offload, String description) implements Closeable {
        NetworkStack stack() {
            return host.stack();
        }

        /** Frames that have come in by the TAP and over loopback. */
        long framesReceived() {
            return stack().counters().getOrDefault(Counter.IF_IN_FRAMES.mibName(), 0L);
        }

        @Override
        public void close() throws IOException {
            host.close();
        }
    }

    /** Brings it up. */
    Host open() throws IOException {
        NetworkStack.Builder stack = NetworkStack.builder().name(tap);
        if (memory != null) {
            stack.memoryBudget((long) memory << 20);
        }
        if (gateway != null) {
            stack.gateway(gateway.toString());
        }
        TapDevice device = openDevice();
        return new Host(
                StackHost.start(stack, device, List.of(address.toString()), capture),
                device.offload() != Offload.NONE,
                describe(device));
    }

    private TapDevice openDevice() throws IOException {
        return TapProvider.device(tap, new LinkSettings(mac, mtu, offload != OffloadChoice.OFF, hostAddress));
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
