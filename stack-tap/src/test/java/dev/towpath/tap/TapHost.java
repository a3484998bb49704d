package dev.towpath.tap;

import dev.towpath.config.TcpConfig;
import dev.towpath.link.LinkDevice;
import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.UnaryOperator;

/** A stack at 192.0.2.2 on a TAP whose other end, the kernel's, is 192.0.2.1. */
public final class TapHost implements AutoCloseable {
    /** The stack's address. */
    public static final IpAddress STACK = IpAddress.parse("192.0.2.2");

    /** The kernel's. */
    public static final IpAddress KERNEL = IpAddress.parse("192.0.2.1");

    private final NetworkStack stack;

    private TapHost(NetworkStack stack) {
        this.stack = stack;
    }

    /** With as much offload as {@code most}. */
    public static TapHost open(Offload most) throws IOException {
        return open(most, UnaryOperator.identity());
    }

    /** With a device around the TAP. */
    public static TapHost open(Offload most, UnaryOperator<LinkDevice> around) throws IOException {
        return open(most, TcpConfig.DEFAULT, around);
    }

    /** With a device around the TAP, and a TCP like this. */
    public static TapHost open(Offload most, TcpConfig tcp, UnaryOperator<LinkDevice> around) throws IOException {
        KernelInterface.loopbackUp();
        TapDevice tap = TapDevice.named("tap0")
                .offload(most)
                .hostAddress(new IpPrefix(KERNEL, 24))
                .open();
        return new TapHost(NetworkStack.builder()
                .name("tap")
                .tcp(tcp)
                .device(around.apply(tap), STACK + "/24")
                .start());
    }

    /** The stack. */
    public NetworkStack stack() {
        return stack;
    }

    /** A counter by its MIB name. */
    public long counter(String name) {
        return stack.counters().getOrDefault(name, 0L);
    }

    /** The stack's address as java.net has it. */
    public static InetAddress inetAddress() {
        return STACK.toInetAddress();
    }

    /** A port of the stack's as java.net has it. */
    public static InetSocketAddress endpoint(int port) {
        return new InetSocketAddress(inetAddress(), port);
    }

    @Override
    public void close() {
        stack.close();
    }
}
