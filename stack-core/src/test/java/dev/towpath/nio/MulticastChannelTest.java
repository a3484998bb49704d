package dev.towpath.nio;

import static java.net.StandardSocketOptions.IP_MULTICAST_IF;
import static java.net.StandardSocketOptions.IP_MULTICAST_LOOP;
import static java.net.StandardSocketOptions.IP_MULTICAST_TTL;
import static java.net.StandardSocketOptions.SO_REUSEADDR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Multicast by channels, over the loopback of a stack and over the kernel's: both are to do the same. */
@Timeout(60)
class MulticastChannelTest {
    enum World {
        TOWPATH,
        KERNEL
    }

    private final List<DatagramChannel> opened = new ArrayList<>();
    private @Nullable NetworkStack stack;
    private final NetworkInterface lo;
    private final InetAddress group;
    private final InetAddress here;
    private final InetAddress elsewhere;

    MulticastChannelTest() throws IOException {
        group = InetAddress.getByName("239.1.2.3");
        here = IpAddress.LOOPBACK_V4.toInetAddress();
        elsewhere = InetAddress.getByName("127.0.0.9");
        lo = NetworkInterface.networkInterfaces()
                .filter(each -> each.inetAddresses().anyMatch(here::equals))
                .findFirst()
                .orElseThrow();
    }

    @AfterEach
    void close() throws IOException {
        for (DatagramChannel channel : opened) {
            channel.close();
        }
        if (stack != null) {
            stack.close();
        }
    }

    private DatagramChannel open(World world) throws IOException {
        SelectorProvider provider = SelectorProvider.provider();
        if (world == World.TOWPATH) {
            if (stack == null) {
                stack = NetworkStack.builder().name("multicast").start();
            }
            provider = new TowpathSelectorProvider(stack);
        } else {
            Assumptions.assumeTrue(lo.supportsMulticast() || kernelJoins(), "the kernel's loopback takes no multicast");
        }
        DatagramChannel channel = provider.openDatagramChannel(StandardProtocolFamily.INET);
        opened.add(channel);
        return channel;
    }

    private boolean kernelJoins() throws IOException {
        try (DatagramChannel probe = SelectorProvider.provider().openDatagramChannel(StandardProtocolFamily.INET)) {
            return probe.join(group, lo).isValid();
        } catch (IOException refused) {
            return false;
        }
    }

    /** A sender, by loopback. */
    private DatagramChannel sender(World world) throws IOException {
        return open(world).bind(new InetSocketAddress(here, 0)).setOption(IP_MULTICAST_IF, lo);
    }

    private DatagramChannel bound(World world, int port) throws IOException {
        DatagramChannel channel = open(world).setOption(SO_REUSEADDR, true);
        return channel.bind(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), port));
    }

    private void send(DatagramChannel from, DatagramChannel to, String text) throws IOException {
        assertThat(from.send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), address(to)))
                .isEqualTo(text.length());
    }

    private InetSocketAddress address(DatagramChannel to) throws IOException {
        return new InetSocketAddress(group, port(to));
    }

    private static int port(DatagramChannel channel) throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    private static String receive(DatagramChannel channel) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(100);
        SocketAddress from = channel.receive(into);
        assertThat(from).isNotNull();
        return new String(into.array(), 0, into.position(), StandardCharsets.UTF_8);
    }

    /** What is sent by unicast comes behind all that was sent before, so it shows what else has come. */
    private static List<String> receivedBefore(DatagramChannel channel, DatagramChannel from) throws IOException {
        InetSocketAddress to = new InetSocketAddress(IpAddress.LOOPBACK_V4.toInetAddress(), port(channel));
        assertThat(from.send(ByteBuffer.wrap("end".getBytes(StandardCharsets.UTF_8)), to))
                .isEqualTo(3);
        List<String> before = new ArrayList<>();
        for (String text = receive(channel); !text.equals("end"); text = receive(channel)) {
            before.add(text);
        }
        return before;
    }

    @ParameterizedTest
    @EnumSource
    void aMemberHearsTheGroupUntilItDropsTheKey(World world) throws IOException {
        DatagramChannel sender = sender(world);
        DatagramChannel member = bound(world, 0);
        MembershipKey key = member.join(group, lo);
        send(sender, member, "one");
        assertThat(receive(member)).isEqualTo("one");
        key.drop();
        assertThat(key.isValid()).isFalse();
        key.drop();
        send(sender, member, "two");
        assertThat(receivedBefore(member, sender)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whoHasNotJoinedHearsNothingEvenIfAnotherHas(World world) throws IOException { // IP_MULTICAST_ALL is off
        DatagramChannel sender = sender(world);
        DatagramChannel member = bound(world, 0);
        DatagramChannel bystander = bound(world, port(member));
        assertThat(member.join(group, lo).isValid()).isTrue();
        send(sender, member, "one");
        assertThat(receive(member)).isEqualTo("one");
        bystander.configureBlocking(false);
        assertThat(bystander.receive(ByteBuffer.allocate(10))).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void aBlockedSourceIsNotHeard(World world) throws IOException {
        DatagramChannel sender = sender(world);
        DatagramChannel member = bound(world, 0);
        MembershipKey key = member.join(group, lo);
        assertThat(key.block(here)).isSameAs(key);
        assertThat(key.block(here)).isSameAs(key);
        send(sender, member, "one");
        assertThat(receivedBefore(member, sender)).isEmpty();
        assertThat(key.unblock(here)).isSameAs(key);
        send(sender, member, "two");
        assertThat(receivedBefore(member, sender)).containsExactly("two");
        assertThatIllegalStateException().isThrownBy(() -> key.unblock(here));
    }

    @ParameterizedTest
    @EnumSource
    void aSourceSpecificMemberHearsThatSourceOnly(World world) throws IOException {
        DatagramChannel sender = sender(world);
        DatagramChannel member = bound(world, 0);
        MembershipKey other = member.join(group, lo, elsewhere);
        send(sender, member, "one");
        assertThat(receivedBefore(member, sender)).isEmpty();
        MembershipKey key = member.join(group, lo, here);
        send(sender, member, "two");
        assertThat(receivedBefore(member, sender)).containsExactly("two");
        key.drop();
        send(sender, member, "three");
        assertThat(receivedBefore(member, sender)).isEmpty();
        assertThat(other.isValid()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> other.block(here));
        assertThatIllegalStateException().isThrownBy(() -> other.unblock(here));
    }

    @ParameterizedTest
    @EnumSource
    void theKeyTellsWhatWasJoined(World world) throws IOException {
        DatagramChannel channel = open(world);
        MembershipKey any = channel.join(group, lo);
        assertThat(any.channel()).isSameAs(channel);
        assertThat(any.group()).isEqualTo(group);
        assertThat(any.networkInterface()).isEqualTo(lo);
        assertThat(any.sourceAddress()).isNull();
        assertThat(any).hasToString("<239.1.2.3," + lo.getName() + ">");
        assertThat(channel.join(group, lo)).isSameAs(any);
        assertThatIllegalStateException().isThrownBy(() -> channel.join(group, lo, here));
        any.drop();
        MembershipKey one = channel.join(group, lo, here);
        assertThat(one.sourceAddress()).isEqualTo(here);
        assertThat(one).hasToString("<239.1.2.3," + lo.getName() + ",127.0.0.1>");
        assertThat(channel.join(group, lo, here)).isSameAs(one);
        assertThatIllegalStateException().isThrownBy(() -> channel.join(group, lo));
        assertThatIllegalStateException().isThrownBy(() -> any.block(here));
    }

    @ParameterizedTest
    @EnumSource
    void whatMakesNoSenseIsRefused(World world) throws IOException {
        DatagramChannel channel = open(world);
        InetAddress any = InetAddress.getByName("0.0.0.0");
        InetAddress six = InetAddress.getByName("ff02::1");
        assertThatIllegalArgumentException().isThrownBy(() -> channel.join(here, lo));
        assertThatIllegalArgumentException().isThrownBy(() -> channel.join(six, lo));
        assertThatIllegalArgumentException().isThrownBy(() -> channel.join(group, lo, any));
        assertThatIllegalArgumentException().isThrownBy(() -> channel.join(group, lo, group));
        assertThatThrownBy(() -> channel.join(null, lo)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> channel.join(group, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> channel.join(group, lo, null)).isInstanceOf(NullPointerException.class);
        MembershipKey key = channel.join(group, lo);
        assertThatIllegalArgumentException().isThrownBy(() -> key.block(any));
        assertThatIllegalArgumentException().isThrownBy(() -> key.block(group));
        assertThatThrownBy(() -> key.block(null)).isInstanceOf(NullPointerException.class);
        assertThat(key.isValid()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void closingTheChannelEndsItsMemberships(World world) throws IOException {
        DatagramChannel channel = open(world);
        MembershipKey key = channel.join(group, lo);
        channel.close();
        assertThat(key.isValid()).isFalse();
        key.drop();
        assertThatIllegalStateException().isThrownBy(() -> key.block(here));
        assertThatThrownBy(() -> channel.join(group, lo)).isInstanceOf(ClosedChannelException.class);
    }

    @ParameterizedTest
    @EnumSource
    void optionsOfMulticast(World world) throws IOException {
        DatagramChannel channel = open(world);
        assertThat(channel.supportedOptions()).contains(IP_MULTICAST_IF, IP_MULTICAST_LOOP, IP_MULTICAST_TTL);
        assertThat(channel.getOption(IP_MULTICAST_IF)).isNull();
        assertThat(channel.setOption(IP_MULTICAST_IF, lo).getOption(IP_MULTICAST_IF))
                .isEqualTo(lo);
        assertThat(channel.getOption(IP_MULTICAST_TTL)).isEqualTo(1);
        assertThat(channel.setOption(IP_MULTICAST_TTL, 0).getOption(IP_MULTICAST_TTL))
                .isZero();
        assertThat(channel.getOption(IP_MULTICAST_LOOP)).isTrue();
        assertThat(channel.setOption(IP_MULTICAST_LOOP, false).getOption(IP_MULTICAST_LOOP))
                .isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> channel.setOption(IP_MULTICAST_IF, null));
        assertThatIllegalArgumentException().isThrownBy(() -> channel.setOption(IP_MULTICAST_TTL, 256));
        channel.close();
        assertThatThrownBy(() -> channel.getOption(IP_MULTICAST_IF)).isInstanceOf(ClosedChannelException.class);
    }

    @ParameterizedTest
    @EnumSource
    void onLoopbackNeitherLoopNorTtlKeepsItFromMembers(World world) throws IOException { // it comes back by itself
        DatagramChannel sender = sender(world).setOption(IP_MULTICAST_LOOP, false);
        DatagramChannel member = bound(world, 0);
        assertThat(member.join(group, lo).isValid()).isTrue();
        send(sender, member, "one");
        sender.setOption(IP_MULTICAST_LOOP, true).setOption(IP_MULTICAST_TTL, 0);
        send(sender, member, "two");
        assertThat(receive(member)).isEqualTo("one");
        assertThat(receive(member)).isEqualTo("two");
    }
}
