package dev.towpath.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.towpath.net.World.Host.Pair;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code Socket} and {@code ServerSocket}: what holds for the kernel's holds for ours. */
@ParameterizedClass
@EnumSource
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("try") // closing early is what is tested
class SocketContractTest {
    private final World world;
    private World.Host host;

    SocketContractTest(World world) {
        this.world = world;
    }

    @BeforeEach
    void open() {
        host = world.open();
    }

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void bothEndsKnowBothAddresses() throws IOException {
        try (ServerSocket listener = host.listener();
                Socket client = host.sockets().createSocket(World.Host.loopback(), listener.getLocalPort());
                Socket server = listener.accept()) {
            assertThat(client.getRemoteSocketAddress()).isEqualTo(listener.getLocalSocketAddress());
            assertThat(server.getRemoteSocketAddress()).isEqualTo(client.getLocalSocketAddress());
            assertThat(server.getLocalSocketAddress()).isEqualTo(client.getRemoteSocketAddress());
            assertThat(server.getLocalPort()).isEqualTo(listener.getLocalPort());
            assertThat(client)
                    .hasToString("Socket[addr=/127.0.0.1,port=" + listener.getLocalPort() + ",localport="
                            + server.getPort() + "]");
            assertThat(listener).hasToString("ServerSocket[addr=/127.0.0.1,localport=" + listener.getLocalPort() + "]");
            assertThat(client.getLocalAddress()).isEqualTo(World.Host.loopback());
        }
    }

    @Test
    void anUnconnectedSocketSaysSo() throws IOException {
        try (Socket socket = host.socket()) {
            assertThat(socket).hasToString("Socket[unconnected]");
            assertThat(socket.isBound()).isFalse();
            assertThat(socket.getLocalPort()).isEqualTo(-1);
            assertThat(socket.getLocalAddress().isAnyLocalAddress()).isTrue();
            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(socket::getInputStream)
                    .withMessage("Socket is not connected");
        }
    }

    @Test
    void bytesGoBothWaysAtOnce() throws Exception {
        byte[] up = pattern(1_000_000, 1);
        byte[] down = pattern(1_000_000, 2);
        try (Pair pair = host.pair()) {
            Background writer = Background.run(() -> {
                pair.client().getOutputStream().write(up);
                pair.client().shutdownOutput();
            });
            Background answerer = Background.run(() -> {
                pair.server().getOutputStream().write(down);
                pair.server().shutdownOutput();
            });
            Background reader = Background.run(() ->
                    assertThat(pair.server().getInputStream().readAllBytes()).isEqualTo(up));
            assertThat(pair.client().getInputStream().readAllBytes()).isEqualTo(down);
            writer.join();
            answerer.join();
            reader.join();
        }
    }

    private static byte[] pattern(int length, int seed) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + i / 256 + seed);
        }
        return bytes;
    }

    @Test
    void inputIsAllThatAnInputStreamIs() throws Exception {
        try (Pair pair = host.pair()) {
            pair.server().getOutputStream().write("hello, stream".getBytes(StandardCharsets.US_ASCII));
            pair.server().shutdownOutput();
            InputStream in = pair.client().getInputStream();
            assertThat(in.read()).isEqualTo('h');
            assertThat(in.read(new byte[0])).isZero();
            World.await(() -> available(in) == 12);
            assertThat(in.skip(5)).isEqualTo(5);
            assertThat(in.readNBytes(2)).isEqualTo(new byte[] {' ', 's'});
            ByteArrayOutputStream rest = new ByteArrayOutputStream();
            assertThat(in.transferTo(rest)).isEqualTo(5);
            assertThat(rest).hasToString("tream");
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.available()).isZero();
        }
    }

    private static int available(InputStream in) {
        try {
            return in.available();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aRefusedConnectionSaysSo() throws IOException {
        InetSocketAddress nobody = host.nobody();
        try (Socket socket = host.socket()) {
            assertThatExceptionOfType(ConnectException.class)
                    .isThrownBy(() -> socket.connect(nobody))
                    .withMessage("Connection refused");
            assertThatExceptionOfType(SocketException.class).isThrownBy(() -> socket.connect(nobody));
        }
        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> host.sockets().createSocket(nobody.getAddress(), nobody.getPort()));
    }

    @Test
    void aNameThatNobodyHasLookedUpIsNoPeer() throws IOException {
        try (Socket socket = host.socket()) {
            assertThatExceptionOfType(UnknownHostException.class)
                    .isThrownBy(() -> socket.connect(InetSocketAddress.createUnresolved("name", 80)))
                    .withMessage("name");
        }
    }

    @Test
    void aConnectedSocketConnectsOnce() throws IOException {
        try (Pair pair = host.pair()) {
            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> pair.client().connect(host.nobody()))
                    .withMessageContaining("lready connected");
        }
    }

    @Test
    void aClientMayChooseItsPort() throws IOException {
        int port = host.nobody().getPort();
        try (ServerSocket listener = host.listener();
                Socket client = host.sockets()
                        .createSocket(World.Host.loopback(), listener.getLocalPort(), World.Host.loopback(), port)) {
            assertThat(client.getLocalPort()).isEqualTo(port);
            assertThat(client.isBound()).isTrue();
        }
    }

    @Test
    void twoListenersOnOnePortAreOneTooMany() throws IOException {
        try (ServerSocket listener = host.listener()) {
            assertThatExceptionOfType(BindException.class)
                    .isThrownBy(
                            () -> host.servers().createServerSocket(listener.getLocalPort(), 1, World.Host.loopback()))
                    .withMessageContaining("Address already in use");
        }
        assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> host.servers()
                        .createServerSocket(0, 1, InetAddress.getByAddress(new byte[] {(byte) 198, 51, 100, 77})))
                .withMessageContaining("Cannot assign requested address");
    }

    @Test
    void whatWaitsTooLongTimesOut() throws IOException {
        try (Pair pair = host.pair();
                ServerSocket listener = host.listener()) {
            pair.client().setSoTimeout(20);
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> pair.client().getInputStream().read())
                    .withMessage("Read timed out");
            pair.server().getOutputStream().write(7);
            assertThat(pair.client().getInputStream().read()).isEqualTo(7);
            listener.setSoTimeout(20);
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(listener::accept)
                    .withMessage("Accept timed out");
            assertThat(pair.client().getSoTimeout()).isEqualTo(20);
            assertThat(pair.server().getSoTimeout()).isZero();
            assertThatIllegalArgumentException().isThrownBy(() -> pair.client().setSoTimeout(-1));
        }
    }

    @Test
    void whatIsAcceptedDoesNotInheritTheTimeOut() throws IOException {
        try (ServerSocket listener = host.listener()) {
            listener.setSoTimeout(10_000);
            try (Socket client = host.sockets().createSocket(World.Host.loopback(), listener.getLocalPort());
                    Socket server = listener.accept()) {
                assertThat(server.getSoTimeout()).isZero();
                assertThat(client.isConnected()).isTrue();
            }
        }
    }

    @Test
    void eachDirectionEndsByItself() throws Exception {
        try (Pair pair = host.pair()) {
            Socket client = pair.client();
            InputStream in = client.getInputStream();
            OutputStream out = client.getOutputStream();
            pair.server().getOutputStream().write(5);
            World.await(() -> available(in) == 1);
            client.shutdownInput();
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.available()).isZero();
            out.write(6);
            client.shutdownOutput();
            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> out.write(7))
                    .withMessage("Broken pipe");
            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(client::shutdownOutput)
                    .withMessage("Socket output is already shutdown");
            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(client::getInputStream)
                    .withMessage("Socket input is shutdown");
            assertThat(pair.server().getInputStream().readAllBytes()).containsExactly(6);
            assertThat(client.isInputShutdown()).isTrue();
            assertThat(client.isOutputShutdown()).isTrue();
            assertThat(client.isClosed()).isFalse();
        }
    }

    @Test
    void aReaderIsWokenWhenItsInputIsShut() throws Exception {
        try (Pair pair = host.pair()) {
            InputStream in = pair.client().getInputStream();
            Background reader = Background.run(() -> assertThat(in.read()).isEqualTo(-1));
            World.awaitBlocked(reader.thread());
            pair.client().shutdownInput();
            reader.join();
        }
    }

    @Test
    void aClosedSocketCanDoNothing() throws IOException {
        try (Pair pair = host.pair()) {
            Socket client = pair.client();
            int port = client.getLocalPort();
            InputStream in = client.getInputStream();
            OutputStream out = client.getOutputStream();
            client.close();
            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(in::read)
                    .withMessage("Socket closed");
            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(in::available)
                    .withMessage("Socket closed");
            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> out.write(1))
                    .withMessage("Socket closed");
            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(client::getInputStream)
                    .withMessage("Socket is closed");
            assertThat(client.isConnected()).isTrue();
            assertThat(client.isClosed()).isTrue();
            assertThat(client.getLocalPort()).isEqualTo(port);
            client.close();
        }
    }

    @Test
    void theEndOfAStreamStaysWhenTheSocketIsClosed() throws IOException {
        try (Pair pair = host.pair()) {
            InputStream in = pair.client().getInputStream();
            pair.server().close();
            assertThat(in.read()).isEqualTo(-1);
            pair.client().close();
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void closingOneStreamClosesTheSocket() throws IOException {
        try (Pair pair = host.pair()) {
            pair.client().getInputStream().close();
            assertThat(pair.client().isClosed()).isTrue();
            pair.server().getOutputStream().close();
            assertThat(pair.server().isClosed()).isTrue();
        }
    }

    @Test
    void closingWakesWhoeverWaits() throws Exception {
        try (Pair pair = host.pair();
                ServerSocket listener = host.listener()) {
            InputStream in = pair.client().getInputStream();
            OutputStream out = pair.server().getOutputStream();
            Background reader = Background.run(() -> assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(in::read)
                    .withMessage("Socket closed"));
            Background acceptor = Background.run(() -> assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(listener::accept)
                    .withMessage("Socket closed"));
            World.awaitBlocked(reader.thread());
            World.awaitBlocked(acceptor.thread());
            pair.client().close();
            listener.close();
            reader.join();
            acceptor.join();
            assertThat(out).isNotNull();
        }
    }

    @Test
    void closingWakesAWriter() throws Exception {
        try (Pair pair = host.pair()) {
            OutputStream out = pair.client().getOutputStream();
            Background writer = Background.run(() -> assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> {
                        while (true) {
                            out.write(new byte[65_536]);
                        }
                    })
                    .withMessage("Socket closed"));
            World.awaitBlocked(writer.thread());
            pair.client().close();
            writer.join();
        }
    }

    @Test
    void anInterruptDoesNotDisturbAPlatformThread() throws Exception {
        try (Pair pair = host.pair();
                ServerSocket listener = host.listener()) {
            InputStream in = pair.client().getInputStream();
            Background reader = Background.run(() -> {
                assertThat(in.read()).isEqualTo(9);
                assertThat(Thread.interrupted()).isTrue();
            });
            Background acceptor = Background.run(() -> {
                listener.accept().close();
                assertThat(Thread.interrupted()).isTrue();
            });
            World.awaitBlocked(reader.thread());
            World.awaitBlocked(acceptor.thread());
            reader.thread().interrupt();
            acceptor.thread().interrupt();
            pair.server().getOutputStream().write(9);
            host.sockets()
                    .createSocket(World.Host.loopback(), listener.getLocalPort())
                    .close();
            reader.join();
            acceptor.join();
        }
    }

    @Test
    void anInterruptedThreadStillConnectsReadsAndWrites() throws IOException {
        Thread.currentThread().interrupt();
        try (Pair pair = host.pair()) {
            pair.client().getOutputStream().write(3);
            assertThat(pair.server().getInputStream().read()).isEqualTo(3);
        }
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aResetStaysForReaders() throws IOException {
        try (Pair pair = host.pair()) {
            InputStream in = pair.client().getInputStream();
            pair.server().setSoLinger(true, 0);
            pair.server().close();
            for (int i = 0; i < 3; i++) {
                assertThatExceptionOfType(SocketException.class)
                        .isThrownBy(in::read)
                        .withMessage("Connection reset");
            }
        }
    }

    @Test
    void aWriterLearnsThatThePeerHasGone() throws IOException {
        try (Pair pair = host.pair()) {
            OutputStream out = pair.client().getOutputStream();
            pair.server().setSoLinger(true, 0);
            pair.server().close();
            assertThatExceptionOfType(SocketException.class).isThrownBy(() -> {
                while (true) {
                    out.write(1);
                }
            });
            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> out.write(1))
                    .withMessage("Broken pipe");
        }
    }

    @Test
    void optionsHaveTheJdksDefaults() throws IOException {
        try (Socket socket = host.socket();
                ServerSocket server = host.servers().createServerSocket()) {
            assertThat(socket.getSoLinger()).isEqualTo(-1);
            assertThat(socket.getReuseAddress()).isFalse();
            assertThat(socket.getKeepAlive()).isFalse();
            assertThat(socket.getTcpNoDelay()).isFalse();
            assertThat(socket.getOOBInline()).isFalse();
            assertThat(socket.getTrafficClass()).isZero();
            assertThat(socket.getReceiveBufferSize()).isPositive();
            assertThat(socket.getSendBufferSize()).isPositive();
            assertThat(server.getReuseAddress()).isTrue();
            assertThat(server.getReceiveBufferSize()).isPositive();
        }
    }

    @Test
    void optionsAreWhatTheyWereSetTo() throws IOException {
        try (Socket socket = host.socket()) {
            socket.setSoLinger(true, 7);
            socket.setKeepAlive(true);
            socket.setTcpNoDelay(true);
            socket.setReuseAddress(true);
            socket.setTrafficClass(0x10);
            socket.setOOBInline(true);
            assertThat(socket.getSoLinger()).isEqualTo(7);
            assertThat(socket.getKeepAlive()).isTrue();
            assertThat(socket.getTcpNoDelay()).isTrue();
            assertThat(socket.getReuseAddress()).isTrue();
            assertThat(socket.getTrafficClass()).isEqualTo(0x10);
            assertThat(socket.getOOBInline()).isTrue();
            socket.setSoLinger(false, 0);
            assertThat(socket.getSoLinger()).isEqualTo(-1);
            socket.setOption(StandardSocketOptions.SO_LINGER, 3);
            assertThat(socket.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(3);
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> socket.setOption(StandardSocketOptions.SO_BROADCAST, true));
            socket.close();
            assertThatExceptionOfType(SocketException.class).isThrownBy(socket::getKeepAlive);
        }
    }

    @Test
    void aListenerTakesItsPortAnew() throws IOException {
        int port;
        try (ServerSocket listener = host.listener();
                Socket client = host.sockets().createSocket(World.Host.loopback(), listener.getLocalPort());
                Socket server = listener.accept()) {
            port = listener.getLocalPort();
            server.close(); // so that TIME-WAIT is the server's
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        host.servers().createServerSocket(port, 1, World.Host.loopback()).close();
    }
}
