package dev.towpath.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.buffer.FramePool;
import dev.towpath.link.DeviceWait;
import dev.towpath.link.LinkDevice;
import dev.towpath.link.MemoryLink;
import dev.towpath.link.MemorySwitch;
import dev.towpath.link.MemoryWire;
import dev.towpath.socket.UdpSocket;
import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.NoRouteToHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The handle: what it is built of, what it tells, and how it ends. */
class NetworkStackTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final IpAddress A = IpAddress.parse("192.0.2.1");
    private static final IpAddress B = IpAddress.parse("192.0.2.2");

    private final Simulation net = new Simulation(1);
    private final MemoryWire wire = new MemoryWire();

    @Test
    void itTellsItsInterfacesAndAddresses() {
        NetworkStack stack = net.host("a")
                .device(wire.left(), "192.0.2.1/24", "198.51.100.1/25")
                .start();
        assertThat(stack.name()).isEqualTo("a");
        assertThat(stack.addresses()).containsExactly(A, IpAddress.parse("198.51.100.1"), IpAddress.LOOPBACK_V4);
        assertThat(stack.interfaces()).extracting(InterfaceInfo::name).containsExactly("lo", "left");
        assertThat(stack.interfaces().get(0).prefixes()).containsExactly("127.0.0.1/8");
        InterfaceInfo left = stack.interfaces().get(1);
        assertThat(left.prefixes()).containsExactly("192.0.2.1/24", "198.51.100.1/25");
        assertThat(left.mac()).isEqualTo(wire.left().mac());
        assertThat(left.mtu()).isEqualTo(1500);
    }

    @Test
    void pingMeasuresTheRoundTrip() throws IOException {
        NetworkStack a = net.host("a").device(wire.left(), "192.0.2.1/24").start();
        NetworkStack b = net.host("b").device(wire.right(), "192.0.2.2/24").start();
        assertThat(a.ping(B, 56, SECOND)).contains(new EchoReply(B, 56, 64, 0));
        assertThat(a.ping(B, 10_000, SECOND)).contains(new EchoReply(B, 10_000, 64, 0));
        assertThat(b.ping(IpAddress.LOOPBACK_V4, 0, SECOND)).contains(new EchoReply(IpAddress.LOOPBACK_V4, 0, 64, 0));
        assertThat(b.ping(B, 1, SECOND)).contains(new EchoReply(B, 1, 64, 0));
        assertThat(b.counters()).containsEntry("IcmpInEchos", 4L).containsEntry("IcmpOutEchoReps", 4L);
    }

    @Test
    void pingTellsNobodyThereFromNoWayAndNoAnswer() throws IOException {
        NetworkStack a = net.host("a").device(wire.left(), "192.0.2.1/24").start();
        assertThatThrownBy(() -> a.ping(IpAddress.parse("198.51.100.1"), 1, SECOND))
                .isInstanceOf(NoRouteToHostException.class)
                .hasMessageContaining("198.51.100.1");
        assertThat(a.ping(B, 1, Duration.ofMillis(10))).isEmpty();
        assertThat(net.now()).isEqualTo(Duration.ofMillis(10));
        assertThatThrownBy(() -> a.ping(B, 1, Duration.ofMinutes(1))).isInstanceOf(NoRouteToHostException.class);
        net.after(Duration.ofMillis(5), Thread.currentThread()::interrupt);
        assertThatThrownBy(() -> a.ping(IpAddress.parse("192.0.2.77"), 1, SECOND))
                .isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
        a.close();
        assertThatThrownBy(() -> a.ping(B, 1, SECOND)).isInstanceOf(IOException.class);
    }

    @Test
    void countersHaveTheirMibNamesAndDropsTheirReasons() throws IOException {
        NetworkStack a = net.host("a").device(wire.left(), "192.0.2.1/24").start();
        NetworkStack b = net.host("b").device(wire.right(), "192.0.2.2/24").start();
        UdpSocket socket = UdpSocket.open(a);
        socket.sendTo(ByteBuffer.allocate(1), 0, B, 9);
        net.run(SECOND);
        assertThat(a.counters()).containsEntry("UdpOutDatagrams", 1L).containsEntry("IcmpInDestUnreachs", 1L);
        assertThat(b.counters()).containsEntry("UdpNoPorts", 1L).containsEntry("Drop.UDP_NO_PORT", 1L);
        assertThat(List.copyOf(b.counters().keySet())).isSorted();
    }

    /** Two interfaces: each network by its own, the rest by the gateway, which does not forward. */
    @Test
    void severalInterfacesEachWithItsNetwork() throws IOException {
        MemoryWire second = new MemoryWire();
        NetworkStack both = net.host("both")
                .device(wire.left(), "192.0.2.1/25")
                .device(second.left(), "198.51.100.1/25")
                .gateway("192.0.2.2")
                .route("198.51.100.128/25", "198.51.100.2")
                .start();
        NetworkStack b = net.host("b").device(wire.right(), "192.0.2.2/25").start();
        NetworkStack c = net.host("c").device(second.right(), "198.51.100.2/25").start();
        assertThat(both.ping(B, 1, SECOND)).isPresent();
        assertThat(both.ping(IpAddress.parse("198.51.100.2"), 1, SECOND)).isPresent();
        assertThat(both.ping(IpAddress.parse("198.51.100.200"), 1, SECOND)).isEmpty();
        assertThat(c.counters()).containsEntry("Drop.IP_NOT_FOR_US", 1L);
        assertThat(both.ping(IpAddress.parse("192.0.2.200"), 1, SECOND)).isEmpty();
        assertThat(b.counters()).containsEntry("Drop.IP_NOT_FOR_US", 1L);
    }

    @Test
    void whatMakesNoSenseIsRefusedWithAdvice() {
        NetworkStack.Builder builder = NetworkStack.builder();
        assertThatThrownBy(() -> builder.device(wire.left(), "192.0.2.1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("192.0.2.2/24");
        assertThatThrownBy(() -> builder.memoryBudget(1000)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.spinNanos(-1)).isInstanceOf(IllegalArgumentException.class);
        builder.device(wire.left(), "192.0.2.1/24").gateway("198.51.100.1");
        assertThatThrownBy(builder::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("198.51.100.1");
    }

    @Test
    void devicesThatCanNotBeAwaitedTogetherAreRefused() {
        LinkDevice first = withOwnWait(wire.left());
        LinkDevice second = withOwnWait(wire.right());
        NetworkStack.Builder builder = NetworkStack.builder().device(first).device(second);
        assertThatThrownBy(builder::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("right");
    }

    private static LinkDevice withOwnWait(LinkDevice device) {
        DeviceWait wait = new ParkingWait();
        return (LinkDevice) Proxy.newProxyInstance(
                LinkDevice.class.getClassLoader(), new Class<?>[] {LinkDevice.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("deviceWait")) {
                        return wait;
                    }
                    try {
                        return method.invoke(device, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void closingClosesTheDevicesInOrderAndOnce() {
        List<String> closed = new ArrayList<>();
        MemorySwitch plug = new MemorySwitch(2, MemoryLink.DEFAULT, new FramePool());
        NetworkStack stack = net.host("a")
                .device(noting(plug.port(1), closed), "192.0.2.1/24")
                .device(noting(plug.port(0), closed))
                .start();
        stack.close();
        stack.close();
        assertThat(closed).containsExactly(plug.port(1).name(), plug.port(0).name());
        assertThat(stack.isOpen()).isFalse();
    }

    private static LinkDevice noting(LinkDevice device, List<String> closed) {
        return (LinkDevice) Proxy.newProxyInstance(
                LinkDevice.class.getClassLoader(), new Class<?>[] {LinkDevice.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        closed.add(device.name());
                    }
                    return method.invoke(device, arguments);
                });
    }

    @Test
    void endpointsAreReadAsTheyAreWritten() {
        for (String text : List.of("192.0.2.1:80", "0.0.0.0:0", "[2001:db8::1]:65535")) {
            assertThat(Endpoint.parse(text).port()).isEqualTo(Integer.parseInt(text.replaceAll(".*:", "")));
            assertThat(Endpoint.parse(Endpoint.parse(text).toString())).isEqualTo(Endpoint.parse(text));
        }
        for (String text : List.of("192.0.2.1", "192.0.2.1:", ":80", "2001:db8::1", "[192.0.2.1]:80", "192.0.2.1:+1")) {
            assertThatThrownBy(() -> Endpoint.parse(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
