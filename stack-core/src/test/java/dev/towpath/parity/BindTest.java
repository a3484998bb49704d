package dev.towpath.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** Which addresses may be bound, and by how many. */
class BindTest extends ParityTest {
    private static final InetSocketAddress ANY = new InetSocketAddress("0.0.0.0", 0);

    @Test
    void port0IsAnyFreePort() throws IOException {
        assertThat(localOf(socketChannel().bind(near())).getPort()).isPositive();
        assertThat(localOf(listening()).getPort()).isPositive();
        assertThat(localOf(datagramChannel().bind(near())).getPort()).isPositive();
    }

    @Test
    void nullIsAnyPortOfAnyAddress() throws IOException {
        for (InetSocketAddress local : new InetSocketAddress[] {
            localOf(socketChannel().bind(null)),
            localOf(serverSocketChannel().bind(null)),
            localOf(datagramChannel().bind(null))
        }) {
            assertThat(local.getAddress().isAnyLocalAddress()).isTrue();
            assertThat(local.getPort()).isPositive();
        }
    }

    @Test
    void aPortThatListensIsTaken() throws IOException {
        InetSocketAddress taken = localOf(listening());
        assertThat(Outcome.message(() -> serverSocketChannel().bind(taken)))
                .isEqualTo("BindException: Address already in use");
        assertThat(Outcome.message(() -> socketChannel().bind(taken)))
                .isEqualTo("BindException: Address already in use");
    }

    @Test
    void anyAddressCollidesWithEach() throws IOException {
        int port = localOf(listening()).getPort();
        assertThat(Outcome.of(() -> serverSocketChannel().bind(new InetSocketAddress(ANY.getAddress(), port))))
                .isEqualTo("BindException");
        int wildcard = localOf(serverSocketChannel().bind(ANY)).getPort();
        assertThat(Outcome.of(() -> serverSocketChannel().bind(near(wildcard)))).isEqualTo("BindException");
    }

    @Test
    void tcpAndUdpPortsAreDifferentPorts() throws IOException {
        InetSocketAddress local = localOf(listening());
        assertThat(datagramChannel().bind(local).getLocalAddress()).isEqualTo(local);
    }

    @Test
    void aPortIsFreeAfterClose() throws IOException {
        ServerSocketChannel first = listening();
        InetSocketAddress local = localOf(first);
        first.close();
        assertThat(serverSocketChannel().bind(local).getLocalAddress()).isEqualTo(local);
    }

    @Test
    void aFailedBindLeavesTheChannelUnbound() throws IOException {
        ServerSocketChannel listener = serverSocketChannel();
        InetSocketAddress taken = localOf(listening());
        assertThat(Outcome.of(() -> listener.bind(taken))).isEqualTo("BindException");
        assertThat(listener.isOpen()).isTrue();
        assertThat(listener.getLocalAddress()).isNull();
        assertThat(listener.bind(near()).getLocalAddress()).isNotNull();
    }

    @Test
    void aForeignAddressCannotBeBound() throws IOException {
        InetSocketAddress foreign = new InetSocketAddress("198.51.100.7", 0);
        for (Outcome.Action bind : new Outcome.Action[] {
            () -> socketChannel().bind(foreign),
            () -> serverSocketChannel().bind(foreign),
            () -> datagramChannel().bind(foreign)
        }) {
            assertThat(Outcome.message(bind)).isEqualTo("BindException: Cannot assign requested address");
        }
    }

    @Test
    void anIpv6AddressIsOfTheWrongType() throws IOException {
        InetSocketAddress ipv6 = new InetSocketAddress("2001:db8::1", 0);
        assertThat(Outcome.of(() -> socketChannel().bind(ipv6))).isEqualTo("UnsupportedAddressTypeException");
        assertThat(Outcome.of(() -> serverSocketChannel().bind(ipv6))).isEqualTo("UnsupportedAddressTypeException");
        assertThat(Outcome.of(() -> datagramChannel().bind(ipv6))).isEqualTo("UnsupportedAddressTypeException");
    }

    @Test
    void aServerMayBindAgainWhileItsOldConnectionsEnd() throws IOException {
        ServerSocketChannel listener = listening();
        InetSocketAddress local = localOf(listener);
        SocketChannel client = farSocketChannel();
        client.connect(local);
        SocketChannel accepted = closing(listener.accept());
        listener.close();
        accepted.close();
        assertThat(read(client, 1)).isEmpty();
        assertThat(serverSocketChannel().bind(local).getLocalAddress()).isEqualTo(local);
    }

    @Test
    void withoutReuseAnOldConnectionKeepsThePort() throws IOException {
        ServerSocketChannel listener = listening();
        InetSocketAddress local = localOf(listener);
        farSocketChannel().connect(local);
        SocketChannel accepted = closing(listener.accept());
        listener.close();
        ServerSocketChannel strict = serverSocketChannel().setOption(StandardSocketOptions.SO_REUSEADDR, false);
        assertThat(Outcome.of(() -> strict.bind(local))).isEqualTo("BindException");
        assertThat(accepted.isConnected()).isTrue();
    }

    @Test
    void twoThatReuseTheAddressMayBindButNotBothListen() throws IOException {
        SocketChannel first = socketChannel().setOption(StandardSocketOptions.SO_REUSEADDR, true);
        InetSocketAddress local = localOf(first.bind(near()));
        SocketChannel second = socketChannel().setOption(StandardSocketOptions.SO_REUSEADDR, true);
        assertThat(second.bind(local).getLocalAddress()).isEqualTo(local);
        ServerSocketChannel listener = serverSocketChannel().bind(local);
        assertThat(Outcome.of(() -> serverSocketChannel().bind(local))).isEqualTo("BindException");
        assertThat(listener.isOpen()).isTrue();
    }

    @Test
    void twoThatReuseThePortMayBothListen() throws IOException {
        ServerSocketChannel first = serverSocketChannel().setOption(StandardSocketOptions.SO_REUSEPORT, true);
        InetSocketAddress local = localOf(first.bind(near()));
        ServerSocketChannel second = serverSocketChannel().setOption(StandardSocketOptions.SO_REUSEPORT, true);
        assertThat(second.bind(local).getLocalAddress()).isEqualTo(local);
        assertThat(Outcome.of(() -> serverSocketChannel().bind(local))).isEqualTo("BindException");
    }

    @Test
    void datagramPortsAreTakenUnlessBothReuseThem() throws IOException {
        DatagramChannel first = datagramChannel().setOption(StandardSocketOptions.SO_REUSEADDR, true);
        InetSocketAddress local = localOf(first.bind(near()));
        assertThat(Outcome.of(() -> datagramChannel().bind(local))).isEqualTo("BindException");
        DatagramChannel second = datagramChannel().setOption(StandardSocketOptions.SO_REUSEADDR, true);
        assertThat(second.bind(local).getLocalAddress()).isEqualTo(local);
    }

    @Test
    void aBoundPortIsTheOneThatConnects() throws IOException {
        ServerSocketChannel listener = farListening();
        SocketChannel channel = socketChannel().bind(near());
        InetSocketAddress local = localOf(channel);
        channel.connect(listener.getLocalAddress());
        assertThat(channel.getLocalAddress()).isEqualTo(local);
        assertThat(closing(listener.accept()).getRemoteAddress()).isEqualTo(local);
    }

    @Test
    void connectNarrowsAnyAddressToItsOwn() throws IOException {
        ServerSocketChannel listener = farListening();
        SocketChannel channel = socketChannel().bind(ANY);
        int port = localOf(channel).getPort();
        channel.connect(listener.getLocalAddress());
        assertThat(channel.getLocalAddress()).isEqualTo(near(port));
    }
}
