package dev.towpath.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.buffer.FramePool;
import dev.towpath.link.MemoryLink;
import dev.towpath.link.MemorySwitch;
import dev.towpath.stack.NetworkStack;
import dev.towpath.testing.Allocations;
import dev.towpath.wire.IpAddress;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.NotYetConnectedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Datagram channels of two hosts on a switch; what they share with the JDK's is compared elsewhere. */
@Timeout(60)
class UdpChannelTest {
    private final MemorySwitch lan = new MemorySwitch(2, MemoryLink.DEFAULT, new FramePool());
    private final NetworkStack left = NetworkStack.builder()
            .name("left")
            .device(lan.port(0), "192.0.2.1/24")
            .start();
    private final NetworkStack right = NetworkStack.builder()
            .name("right")
            .device(lan.port(1), "192.0.2.2/24")
            .start();
    private final List<DatagramChannel> opened = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (DatagramChannel channel : opened) {
            channel.close();
        }
        left.close();
        right.close();
    }

    private DatagramChannel open(NetworkStack on) throws IOException {
        DatagramChannel channel = new TowpathSelectorProvider(on).openDatagramChannel(StandardProtocolFamily.INET);
        opened.add(channel);
        return channel;
    }

    private DatagramChannel bound(NetworkStack on) throws IOException {
        return open(on).bind(null);
    }

    private static InetSocketAddress address(NetworkStack of, DatagramChannel channel) throws IOException {
        int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
        return new InetSocketAddress(of.addresses().get(0).toInetAddress(), port);
    }

    /** An interface of the kernel's that is not loopback, which would mean the stack's. */
    private static NetworkInterface anyNetwork() throws IOException {
        Optional<NetworkInterface> found = NetworkInterface.networkInterfaces()
                .filter(each -> each.inetAddresses().noneMatch(InetAddress::isLoopbackAddress))
                .findFirst();
        Assumptions.assumeTrue(found.isPresent(), "the kernel has nothing but loopback");
        return found.orElseThrow();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(ByteBuffer received) {
        return StandardCharsets.UTF_8.decode(received.flip()).toString();
    }

    @Test
    void datagramsGoToAndFro() throws IOException {
        DatagramChannel a = bound(left);
        DatagramChannel b = bound(right);
        ByteBuffer into = ByteBuffer.allocate(100);
        assertThat(a.send(bytes("ping"), address(right, b))).isEqualTo(4);
        SocketAddress from = b.receive(into);
        assertThat(from).isEqualTo(address(left, a));
        assertThat(text(into)).isEqualTo("ping");
        assertThat(b.send(bytes("pong"), from)).isEqualTo(4);
        assertThat(a.receive(into.clear())).isEqualTo(address(right, b));
        assertThat(text(into)).isEqualTo("pong");
    }

    @Test
    void aConnectedChannelGathersAndScatters() throws IOException {
        DatagramChannel a = bound(left);
        DatagramChannel b = bound(right);
        a.connect(address(right, b));
        b.connect(address(left, a));
        assertThat(a.getLocalAddress()).isEqualTo(address(left, a));
        assertThat(a.write(new ByteBuffer[] {bytes("not this"), bytes("abc"), bytes(""), bytes("defgh")}, 1, 3))
                .isEqualTo(8);
        ByteBuffer[] into = {ByteBuffer.allocate(2), ByteBuffer.allocate(0), ByteBuffer.allocateDirect(5)};
        assertThat(b.read(into)).isEqualTo(7);
        assertThat(text(into[0]) + "|" + text(into[2])).isEqualTo("ab|cdefg");
        a.disconnect();
        assertThat(a.getRemoteAddress()).isNull();
        assertThatThrownBy(() -> a.write(bytes("x"))).isInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(() -> a.read(ByteBuffer.allocate(1))).isInstanceOf(NotYetConnectedException.class);
    }

    @Test
    void aTooLongDatagramIsRefusedHoweverItIsSent() throws IOException {
        DatagramChannel a = bound(left).connect(new InetSocketAddress("192.0.2.2", 9));
        ByteBuffer half = ByteBuffer.allocate(40_000);
        ByteBuffer other = ByteBuffer.allocate(40_000);
        assertThatThrownBy(() -> a.write(new ByteBuffer[] {half, other})).hasMessage("Message too long");
        assertThat(half.remaining() + other.remaining())
                .as("nothing has been taken")
                .isEqualTo(80_000);
        assertThatThrownBy(() -> a.write(ByteBuffer.allocate(65_508))).hasMessage("Message too long");
    }

    @Test
    void aPeerThatIsNotThereIsReportedByIcmp() throws IOException {
        DatagramChannel gone = bound(right);
        InetSocketAddress nobody = address(right, gone);
        gone.close();
        DatagramChannel a = bound(left).connect(nobody);
        assertThat(a.write(bytes("hello?"))).isEqualTo(6);
        assertThatThrownBy(() -> a.read(ByteBuffer.allocate(10))).isInstanceOf(PortUnreachableException.class);
    }

    @Test
    void abroadcastNeedsPermission() throws IOException {
        DatagramChannel a = bound(left);
        DatagramChannel b = bound(right);
        InetSocketAddress all =
                new InetSocketAddress("192.0.2.255", address(right, b).getPort());
        assertThatThrownBy(() -> a.send(bytes("all"), all)).isInstanceOf(SocketException.class);
        a.setOption(StandardSocketOptions.SO_BROADCAST, true);
        assertThat(a.send(bytes("all"), all)).isEqualTo(3);
        assertThat(b.receive(ByteBuffer.allocate(3))).isEqualTo(address(left, a));
    }

    @Test
    void aPortIsTakenOnce() throws IOException {
        DatagramChannel a = bound(left);
        assertThatThrownBy(() -> open(left).bind(a.getLocalAddress())).isInstanceOf(BindException.class);
    }

    @Test
    void closeEndsAReceiveThatWaits() throws Exception {
        DatagramChannel a = bound(left);
        CompletableFuture<SocketAddress> waits = waits(a);
        a.close(); // before it waits or while it does
        assertThatThrownBy(() -> waits.get(30, TimeUnit.SECONDS))
                .rootCause()
                .isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void anInterruptEndsAReceiveAndClosesTheChannel() throws Exception {
        DatagramChannel a = bound(left);
        CompletableFuture<Throwable> failed = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                failed.completeExceptionally(new AssertionError("received from " + a.receive(ByteBuffer.allocate(1))));
            } catch (IOException e) {
                failed.complete(e);
            }
        });
        thread.start();
        thread.interrupt(); // before it waits or while it does: the end is the same
        assertThat(failed.get(30, TimeUnit.SECONDS)).isInstanceOf(ClosedByInterruptException.class);
        thread.join();
        assertThat(a.isOpen()).isFalse();
    }

    private static CompletableFuture<SocketAddress> waits(DatagramChannel channel) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return channel.receive(ByteBuffer.allocate(1));
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
    }

    @Test
    void anInterfaceThatMeansNoneIsAnErrorThatSaysWhichThereAre() throws IOException {
        NetworkInterface unknown = anyNetwork();
        MemorySwitch both = new MemorySwitch(2, MemoryLink.DEFAULT, new FramePool());
        try (NetworkStack two = NetworkStack.builder()
                .device(both.port(0), "198.51.100.1/25")
                .device(both.port(1), "198.51.100.129/25")
                .start()) {
            DatagramChannel channel = open(two);
            InetAddress group = InetAddress.getByName("239.1.2.3");
            assertThatThrownBy(() -> channel.join(group, unknown))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining(unknown.getName())
                    .hasMessageContaining("198.51.100.129/25");
        }
    }

    @Test
    void theSameSenderIsTheSameObject() throws IOException {
        DatagramChannel a = bound(left);
        DatagramChannel b = bound(right);
        InetSocketAddress to = address(right, b);
        assertThat(a.send(bytes("1"), to) + a.send(bytes("2"), to)).isEqualTo(2);
        assertThat(b.receive(ByteBuffer.allocate(1))).isSameAs(b.receive(ByteBuffer.allocate(1)));
    }

    @Test
    void whatIsThereAlreadyIsReceivedWithoutAllocation() throws IOException {
        DatagramChannel a = bound(left);
        a.configureBlocking(false);
        InetSocketAddress self = new InetSocketAddress(
                IpAddress.LOOPBACK_V4.toInetAddress(), address(left, a).getPort());
        ByteBuffer data = ByteBuffer.allocateDirect(100);
        ByteBuffer into = ByteBuffer.allocateDirect(100);
        Allocations.assertNone(() -> {
            try {
                boolean none = a.receive(into.clear()) == null;
                int sent = a.send(data.clear(), self);
                if (!none || sent != 100 || a.receive(into.clear()) == null) {
                    throw new AssertionError("sent " + sent);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void multicastGoesFromStackToStack() throws IOException {
        InetAddress group = InetAddress.getByName("239.1.2.3");
        NetworkInterface meant = anyNetwork();
        DatagramChannel member = bound(right);
        DatagramChannel sender = bound(left);
        MembershipKey key = member.join(group, meant);
        InetSocketAddress to =
                new InetSocketAddress(group, address(right, member).getPort());
        assertThat(sender.send(bytes("hello all"), to)).isEqualTo(9);
        ByteBuffer into = ByteBuffer.allocate(100);
        assertThat(member.receive(into)).isEqualTo(address(left, sender));
        assertThat(text(into)).isEqualTo("hello all");
        key.drop();
        assertThat(key.isValid()).isFalse();
    }
}
