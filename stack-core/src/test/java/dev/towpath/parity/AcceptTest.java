package dev.towpath.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Accepting: the order, the queue, and what an accepted channel is like. */
class AcceptTest extends ParityTest {
    @Test
    void connectionsAreAcceptedInTheirOrder() throws IOException {
        ServerSocketChannel listener = listening();
        List<SocketAddress> clients = new ArrayList<>();
        List<SocketAddress> accepted = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            SocketChannel client = farSocketChannel();
            client.connect(listener.getLocalAddress());
            clients.add(client.getLocalAddress());
        }
        for (int i = 0; i < 10; i++) {
            accepted.add(closing(listener.accept()).getRemoteAddress());
        }
        assertThat(accepted).isEqualTo(clients);
    }

    @Test
    void anAcceptedChannelBlocksWhateverTheListenerDoes() throws IOException {
        ServerSocketChannel listener = listening();
        listener.configureBlocking(false);
        assertThat(listener.accept()).isNull();
        farSocketChannel().connect(listener.getLocalAddress());
        SocketChannel accepted = acceptSpinning(listener);
        assertThat(accepted.isBlocking()).isTrue();
        assertThat(accepted.isConnected()).isTrue();
        assertThat(accepted.provider()).isSameAs(listener.provider());
        assertThat(listener.accept()).isNull();
    }

    private SocketChannel acceptSpinning(ServerSocketChannel listener) throws IOException {
        SocketChannel accepted = listener.accept();
        while (accepted == null) {
            Thread.onSpinWait();
            accepted = listener.accept();
        }
        return closing(accepted);
    }

    @Test
    void aBlockedAcceptReturnsWithTheConnection() throws Exception {
        ServerSocketChannel listener = listening();
        Background<SocketChannel> accepting = Background.start(listener::accept).awaitBlocked();
        SocketChannel client = farSocketChannel();
        client.connect(listener.getLocalAddress());
        assertThat(closing(accepting.result()).getRemoteAddress()).isEqualTo(client.getLocalAddress());
    }

    @Test
    void whatWasSentBeforeAcceptIsThere() throws IOException {
        ServerSocketChannel listener = listening();
        SocketChannel client = farSocketChannel();
        client.connect(listener.getLocalAddress());
        client.write(bytes("early"));
        client.close();
        SocketChannel accepted = closing(listener.accept());
        assertThat(read(accepted, 100)).isEqualTo("early");
    }

    @Test
    void aConnectionThatWasResetBeforeAcceptIsAcceptedOnLinux() throws IOException {
        ServerSocketChannel listener = listening();
        SocketChannel client = farSocketChannel();
        client.connect(listener.getLocalAddress());
        SocketAddress address = client.getLocalAddress();
        client.setOption(StandardSocketOptions.SO_LINGER, 0).close();
        SocketChannel second = farSocketChannel();
        second.connect(listener.getLocalAddress());
        assertThat(closing(listener.accept()).getRemoteAddress()).isEqualTo(address);
        assertThat(closing(listener.accept()).getRemoteAddress()).isEqualTo(second.getLocalAddress());
    }

    @Test
    void closingTheListenerResetsWhoWaits() throws IOException {
        ServerSocketChannel listener = listening();
        SocketChannel client = farSocketChannel();
        client.connect(listener.getLocalAddress());
        listener.close();
        assertThat(Outcome.message(() -> read(client, 1))).isEqualTo("SocketException: Connection reset");
    }

    @Test
    void closingTheListenerLeavesTheAcceptedAlone() throws IOException {
        ServerSocketChannel listener = listening();
        SocketChannel client = farSocketChannel();
        client.connect(listener.getLocalAddress());
        SocketChannel accepted = closing(listener.accept());
        listener.close();
        client.write(bytes("still"));
        assertThat(read(accepted, 5)).isEqualTo("still");
    }

    @Test
    void optionsOfTheListenerAreInherited() throws IOException {
        ServerSocketChannel listener = serverSocketChannel();
        listener.setOption(StandardSocketOptions.SO_RCVBUF, 20_000);
        int room = listener.getOption(StandardSocketOptions.SO_RCVBUF);
        listener.bind(near());
        farSocketChannel().connect(listener.getLocalAddress());
        SocketChannel accepted = closing(listener.accept());
        assertThat(accepted.getOption(StandardSocketOptions.SO_RCVBUF)).isEqualTo(room);
        assertThat(accepted.getOption(StandardSocketOptions.SO_REUSEADDR)).isTrue();
    }

    @Test
    void severalThreadsShareAListener() throws Exception {
        ServerSocketChannel listener = listening();
        List<Background<SocketChannel>> accepting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            accepting.add(Background.start(listener::accept));
        }
        for (int i = 0; i < 4; i++) {
            farSocketChannel().connect(listener.getLocalAddress());
        }
        List<SocketAddress> accepted = new ArrayList<>();
        for (Background<SocketChannel> each : accepting) {
            accepted.add(closing(each.result()).getRemoteAddress());
        }
        assertThat(accepted).doesNotHaveDuplicates().hasSize(4);
    }
}
