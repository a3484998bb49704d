package dev.towpath.tap;

import static dev.towpath.tap.TapHost.KERNEL;
import static dev.towpath.tap.TapHost.STACK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.buffer.FramePool;
import dev.towpath.link.ImpairedDevice;
import dev.towpath.link.Impairment;
import dev.towpath.socket.Errno;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.SockAddr;
import dev.towpath.socket.SockOpt;
import dev.towpath.socket.TcpSocket;
import dev.towpath.socket.UdpSocket;
import dev.towpath.stack.EchoReply;
import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The stack against the kernel: real clients and servers of java.net at the other end of the cable. */
@Timeout(180)
class StackOnTapIT {
    private static final int PORT = 5000;
    private static final long MANY = 64 << 20;
    private static final long SEED = 20_260_701;

    @BeforeAll
    static void possible() {
        TapTests.assumeTap();
    }

    @ParameterizedTest
    @EnumSource(names = {"CHECKSUM_TCP_UDP", "CHECKSUM", "NONE"})
    void kernelConnectsAndBytesGoBothWays(Offload offload) throws Exception {
        try (TapHost host = TapHost.open(offload);
                TcpSocket listener = listen(host.stack());
                Socket kernel = new Socket(TapHost.inetAddress(), PORT);
                TcpSocket accepted = listener.accept()) {
            assertThat(accepted.remoteEndpoint()).isEqualTo(new Endpoint(KERNEL, kernel.getLocalPort()));
            new Bulk(SEED, MANY).move(Bulk.output(kernel), Bulk.input(accepted));
        }
        try (TapHost host = TapHost.open(offload);
                TcpSocket listener = listen(host.stack());
                Socket kernel = new Socket(TapHost.inetAddress(), PORT);
                TcpSocket accepted = listener.accept()) {
            new Bulk(SEED + 1, MANY).move(Bulk.output(accepted), kernel.getInputStream());
            assertThat(host.counter("TcpInErrs")).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CHECKSUM_TCP_UDP", "NONE"})
    void stackConnectsAndBytesGoBothWays(Offload offload) throws Exception {
        try (TapHost host = TapHost.open(offload);
                ServerSocket server = new ServerSocket();
                TcpSocket socket = TcpSocket.open(host.stack())) {
            server.bind(new InetSocketAddress(KERNEL.toInetAddress(), PORT));
            socket.connect(KERNEL, PORT);
            try (Socket kernel = server.accept()) {
                assertThat(kernel.getInetAddress()).isEqualTo(STACK.toInetAddress());
                new Bulk(SEED + 2, MANY).move(Bulk.output(socket), kernel.getInputStream());
                new Bulk(SEED + 3, MANY).move(Bulk.output(kernel), Bulk.input(socket));
            }
        }
    }

    @Test
    void onePercentLossLosesNothing() throws Exception {
        FramePool frames = new FramePool();
        Impairment lossy = Impairment.NONE.withLoss(0.01);
        try (TapHost host = TapHost.open(Offload.NONE, tap -> new ImpairedDevice(tap, lossy, lossy, SEED, frames));
                TcpSocket listener = listen(host.stack());
                Socket in = new Socket(TapHost.inetAddress(), PORT);
                TcpSocket accepted = listener.accept()) {
            new Bulk(SEED + 4, 16 << 20).move(Bulk.output(in), Bulk.input(accepted));
            new Bulk(SEED + 5, 16 << 20).move(Bulk.output(accepted), in.getInputStream());
            assertThat(host.counter("TcpRetransSegs")).as("something was lost").isPositive();
        }
    }

    @Test
    void fiveHundredConnectionsAtOnce() throws Exception {
        int count = 500;
        List<Socket> kernel = new ArrayList<>();
        List<TcpSocket> accepted = new ArrayList<>();
        try (TapHost host = TapHost.open(Offload.CHECKSUM_TCP_UDP);
                TcpSocket listener = listen(host.stack())) {
            for (int i = 0; i < count; i++) {
                kernel.add(new Socket(TapHost.inetAddress(), PORT));
                kernel.get(i).getOutputStream().write(Bulk.bytes(i, 100));
            }
            for (int i = 0; i < count; i++) {
                accepted.add(listener.accept());
            }
            long established = host.stack().connections().stream()
                    .filter(each -> each.state().equals("ESTABLISHED"))
                    .count();
            assertThat(established).isEqualTo(count);
            for (TcpSocket socket : accepted) {
                Bulk.output(socket).write(Bulk.input(socket).readNBytes(100));
            }
            for (int i = 0; i < count; i++) {
                assertThat(kernel.get(i).getInputStream().readNBytes(100)).isEqualTo(Bulk.bytes(i, 100));
            }
            for (int i = 0; i < count; i++) {
                kernel.get(i).close();
                assertThat(Bulk.input(accepted.get(i)).read()).isEqualTo(-1);
                accepted.get(i).close();
            }
            TapTests.awaitUntil("no connection is left", () -> host.counter("TcpCurrEstab") == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1472, 1473, 20_000, 65_507})
    void datagramsGoThereAndBack(int length) throws Exception {
        byte[] data = Bulk.bytes(SEED + length, length);
        for (Offload offload : List.of(Offload.CHECKSUM_TCP_UDP, Offload.NONE)) {
            try (TapHost host = TapHost.open(offload);
                    UdpSocket stack = UdpSocket.open(host.stack());
                    DatagramSocket kernel = new DatagramSocket()) {
                stack.bind(STACK, PORT);
                kernel.send(new DatagramPacket(data, length, TapHost.endpoint(PORT)));
                ByteBuffer received = ByteBuffer.allocate(70_000);
                SockAddr from = new SockAddr();
                assertThat(stack.recvFrom(received, 0, from)).isEqualTo(length);
                assertThat(from.endpoint()).isEqualTo(new Endpoint(KERNEL, kernel.getLocalPort()));
                stack.sendTo(received.flip(), 0, from.address(), from.port());
                DatagramPacket back = new DatagramPacket(new byte[70_000], 70_000);
                kernel.setSoTimeout(20_000);
                kernel.receive(back);
                assertThat(Arrays.copyOf(back.getData(), back.getLength())).isEqualTo(data);
                assertThat(host.counter("IpReasmOKs")).isEqualTo(length > 1472 ? 1 : 0);
            }
        }
    }

    @Test
    void pingBothWays() throws Exception {
        try (TapHost host = TapHost.open(Offload.CHECKSUM_TCP_UDP)) {
            for (int size : new int[] {0, 56, 1472, 20_000}) {
                EchoReply reply =
                        host.stack().ping(KERNEL, size, Duration.ofSeconds(10)).orElseThrow();
                assertThat(reply.from()).isEqualTo(KERNEL);
                assertThat(reply.bytes()).isEqualTo(size);
            }
            // the JDK pings with ICMP, since this process has CAP_NET_RAW in its namespace
            assertThat(TapHost.inetAddress().isReachable(10_000)).isTrue();
            assertThat(host.counter("IcmpInEchos")).isPositive();
        }
    }

    @Test
    void closedPortsAreSaidToBeClosed() throws Exception {
        try (TapHost host = TapHost.open(Offload.CHECKSUM_TCP_UDP);
                TcpSocket socket = TcpSocket.open(host.stack());
                DatagramSocket datagrams = new DatagramSocket()) {
            assertThatThrownBy(() -> new Socket(TapHost.inetAddress(), PORT).close())
                    .isInstanceOf(ConnectException.class);
            assertThatThrownBy(() -> socket.connect(KERNEL, PORT))
                    .isInstanceOfSatisfying(
                            ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ECONNREFUSED));
            datagrams.connect(TapHost.endpoint(PORT));
            datagrams.setSoTimeout(10_000);
            datagrams.send(new DatagramPacket(new byte[1], 1));
            assertThatThrownBy(() -> datagrams.receive(new DatagramPacket(new byte[1], 1)))
                    .isInstanceOf(PortUnreachableException.class);
        }
    }

    @Test
    void kernelHearsOfTheStacksEnd() throws Exception {
        try (TapHost host = TapHost.open(Offload.CHECKSUM_TCP_UDP);
                TcpSocket listener = listen(host.stack());
                Socket kernel = new Socket(TapHost.inetAddress(), PORT)) {
            try (TcpSocket accepted = listener.accept()) {
                accepted.send(ByteBuffer.wrap("last words".getBytes(StandardCharsets.US_ASCII)), 0);
            }
            assertThat(kernel.getInputStream().readAllBytes()).asString().isEqualTo("last words");
        }
    }

    @Test
    void twoTapsMakeAHostOnTwoNetworks() throws Exception {
        IpPrefix first = IpPrefix.parse("192.0.2.1/24");
        IpPrefix second = IpPrefix.parse("198.51.100.1/24");
        TapDevice left = TapDevice.named("tapleft").hostAddress(first).open();
        TapDevice right = TapDevice.named("tapright").hostAddress(second).open();
        try (NetworkStack stack = NetworkStack.builder()
                .device(left, "192.0.2.2/24")
                .device(right, "198.51.100.2/24")
                .start()) {
            for (IpAddress each : List.of(IpAddress.parse("192.0.2.2"), IpAddress.parse("198.51.100.2"))) {
                try (TcpSocket listener = listen(stack);
                        Socket kernel = new Socket(each.toInetAddress(), PORT);
                        TcpSocket accepted = listener.accept()) {
                    assertThat(accepted.localEndpoint().address()).isEqualTo(each);
                    new Bulk(SEED + 6, 1 << 20).move(Bulk.output(kernel), Bulk.input(accepted));
                }
            }
            assertThat(stack.ping(first.address(), 56, Duration.ofSeconds(10))).isPresent();
            assertThat(stack.ping(second.address(), 56, Duration.ofSeconds(10))).isPresent();
        }
    }

    private static TcpSocket listen(NetworkStack stack) throws ErrnoException {
        TcpSocket listener = TcpSocket.open(stack);
        listener.option(SockOpt.SO_REUSEADDR, true);
        listener.bind(IpAddress.ANY_V4, PORT);
        listener.listen(500);
        return listener;
    }
}
