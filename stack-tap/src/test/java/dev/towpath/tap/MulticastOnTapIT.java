package dev.towpath.tap;

import static dev.towpath.tap.TapHost.KERNEL;
import static dev.towpath.tap.TapHost.STACK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.nio.TowpathSelectorProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Groups with members at both ends of a TAP, by the same program: one channel is the JDK's, the other the stack's. */
@Timeout(60)
class MulticastOnTapIT {
    private static final int PORT = 7000;
    /** How /proc/net/igmp writes 239.1.2.3. */
    private static final String GROUP_IN_PROC = "030201EF";

    private TapHost host;
    private NetworkInterface tap;
    private DatagramChannel ours;
    private DatagramChannel kernels;
    private final InetAddress group;

    MulticastOnTapIT() throws IOException {
        group = InetAddress.getByName("239.1.2.3");
    }

    @BeforeAll
    static void possible() {
        TapTests.assumeTap();
    }

    @BeforeEach
    void open() throws IOException {
        host = TapHost.open(Offload.CHECKSUM_TCP_UDP);
        tap = NetworkInterface.getByName("tap0");
        ours = open(new TowpathSelectorProvider(host.stack()));
        kernels = open(SelectorProvider.provider());
    }

    @AfterEach
    void close() throws IOException {
        ours.close();
        kernels.close();
        host.close();
    }

    private DatagramChannel open(SelectorProvider provider) throws IOException {
        return provider.openDatagramChannel(StandardProtocolFamily.INET)
                .setOption(StandardSocketOptions.SO_REUSEADDR, true)
                .setOption(StandardSocketOptions.IP_MULTICAST_IF, tap)
                .bind(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), PORT));
    }

    private void send(DatagramChannel from, String text) throws IOException {
        assertThat(from.send(
                        ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), new InetSocketAddress(group, PORT)))
                .isEqualTo(text.length());
    }

    private static String receive(DatagramChannel channel) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(100);
        InetSocketAddress from = (InetSocketAddress) channel.receive(into);
        return StandardCharsets.UTF_8.decode(into.flip()) + " from "
                + from.getAddress().getHostAddress();
    }

    @Test
    void theKernelsMembersHearTheStack() throws IOException {
        assertThat(kernels.join(group, tap).isValid()).isTrue();
        assertThat(Files.readString(Path.of("/proc/net/igmp"))).contains(GROUP_IN_PROC);
        send(ours, "hello kernel");
        assertThat(receive(kernels)).isEqualTo("hello kernel from " + STACK);
    }

    @Test
    void theStacksMembersHearTheKernel() throws IOException {
        MembershipKey key = ours.join(group, tap);
        send(kernels, "hello stack");
        assertThat(receive(ours)).isEqualTo("hello stack from " + KERNEL);
        key.block(KERNEL.toInetAddress());
        send(kernels, "unheard");
        key.unblock(KERNEL.toInetAddress());
        send(kernels, "heard again");
        // What was sent while the source was blocked may come when it is no longer.
        String next = receive(ours);
        assertThat(next.startsWith("unheard") ? receive(ours) : next).isEqualTo("heard again from " + KERNEL);
        key.drop();
        assertThat(host.counter("IgmpOutReports")).isPositive();
        assertThat(host.stack().interfaces().get(1).name()).isEqualTo("tap0");
    }

    @Test
    void membersAtBothEndsHearEitherAndThemselves() throws IOException {
        assertThat(ours.join(group, tap).isValid()).isTrue();
        assertThat(kernels.join(group, tap).isValid()).isTrue();
        send(ours, "one");
        assertThat(receive(ours)).isEqualTo("one from " + STACK);
        assertThat(receive(kernels)).isEqualTo("one from " + STACK);
        send(kernels, "two");
        assertThat(receive(ours)).isEqualTo("two from " + KERNEL);
        assertThat(receive(kernels)).isEqualTo("two from " + KERNEL);
    }
}
