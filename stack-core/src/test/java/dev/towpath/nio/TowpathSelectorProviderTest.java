package dev.towpath.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.stack.NetworkStack;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** What the provider opens, and on which stack. */
class TowpathSelectorProviderTest {
    @Test
    void eachProviderHasItsStack() throws IOException {
        try (OneStack first = new OneStack();
                OneStack second = new OneStack()) {
            SocketAddress address = OneStack.address(first.listening());
            assertThatThrownBy(() -> second.opened().connect(address)).isInstanceOf(ConnectException.class);
            assertThat(second.provider.openServerSocketChannel().bind(address)).isNotNull();
            assertThat(first.opened().connect(address)).isTrue();
        }
    }

    @Test
    void ofFamiliesThereIsOne() throws IOException {
        try (OneStack one = new OneStack()) {
            assertThat(one.provider.openSocketChannel(StandardProtocolFamily.INET))
                    .isNotNull();
            assertThat(one.provider.openServerSocketChannel(StandardProtocolFamily.INET))
                    .isNotNull();
            assertThatThrownBy(() -> one.provider.openSocketChannel(StandardProtocolFamily.INET6))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("IPv6");
            assertThatThrownBy(() -> one.provider.openServerSocketChannel(StandardProtocolFamily.UNIX))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThat(one.provider.inheritedChannel()).isNull();
        }
    }

    @Test
    void theDefaultProviderIsOnTheSharedStack() throws IOException {
        TowpathSelectorProvider first = new TowpathSelectorProvider();
        TowpathSelectorProvider second = new TowpathSelectorProvider();
        try (ServerSocketChannel listening = first.openServerSocketChannel().bind(OneStack.local(0));
                SocketChannel channel = second.openSocketChannel()) {
            assertThat(channel.connect(OneStack.address(listening))).isTrue();
        }
    }

    @Test
    void closedStackOpensNothing() throws IOException {
        NetworkStack stack = NetworkStack.builder().name("gone").start();
        stack.close();
        TowpathSelectorProvider provider = new TowpathSelectorProvider(stack);
        assertThat(provider.toString()).contains("stack 'gone'");
        assertThatThrownBy(provider::openSocketChannel).isInstanceOf(IOException.class);
        assertThatThrownBy(provider::openSelector).isInstanceOf(IOException.class);
        assertThatThrownBy(provider::openPipe).isInstanceOf(IOException.class);
    }

    @Test
    void theEndOfTheStackEndsItsChannels() throws Exception {
        OneStack one = new OneStack();
        OneStack.Pair pair = one.pair();
        OneStack.Call<Integer> reading = OneStack.blocked(() -> pair.near().read(OneStack.bytes(1)));
        one.close();
        assertThat(reading.failure()).isInstanceOf(IOException.class);
        pair.near().close();
        assertThat(pair.near().isOpen()).isFalse();
        assertThatThrownBy(() -> one.opened().connect(new InetSocketAddress(1))).isInstanceOf(IOException.class);
    }
}
