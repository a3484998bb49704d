package dev.towpath.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Channels as sockets: one connection, two views of it. */
class AdaptorTest extends ParityTest {
    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aChannelHasOneSocket() throws IOException {
        SocketChannel channel = socketChannel();
        ServerSocketChannel listener = serverSocketChannel();
        DatagramChannel datagrams = datagramChannel();
        assertThat(channel.socket()).isSameAs(channel.socket());
        assertThat(listener.socket()).isSameAs(listener.socket());
        assertThat(datagrams.socket()).isSameAs(datagrams.socket());
        assertThat(channel.socket().getChannel()).isSameAs(channel);
        assertThat(listener.socket().getChannel()).isSameAs(listener);
        assertThat(datagrams.socket().getChannel()).isSameAs(datagrams);
    }

    @Test
    void whatOneViewDoesTheOtherSees() throws IOException {
        SocketChannel channel = connection().near();
        Socket socket = channel.socket();
        assertThat(socket.isConnected() && socket.isBound()).isTrue();
        assertThat(socket.getRemoteSocketAddress()).isEqualTo(channel.getRemoteAddress());
        assertThat(socket.getLocalSocketAddress()).isEqualTo(channel.getLocalAddress());
        socket.setTcpNoDelay(true);
        assertThat(channel.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
        channel.setOption(StandardSocketOptions.SO_LINGER, 5);
        assertThat(socket.getSoLinger()).isEqualTo(5);
        channel.shutdownOutput();
        assertThat(socket.isOutputShutdown()).isTrue();
        socket.shutdownInput();
        assertThat(socket.isInputShutdown()).isTrue();
        socket.close();
        assertThat(channel.isOpen()).isFalse();
        SocketChannel other = connection().near();
        other.close();
        assertThat(other.socket().isClosed()).isTrue();
    }

    @Test
    void streamsReadAndWrite() throws IOException {
        Connection connection = connection();
        OutputStream out = connection.near().socket().getOutputStream();
        InputStream in = connection.far().socket().getInputStream();
        out.write('a');
        out.write(ascii("xbcx"), 1, 2);
        out.flush();
        byte[] into = new byte[10];
        assertThat(in.readNBytes(into, 2, 3)).isEqualTo(3);
        assertThat(new String(into, 2, 3, StandardCharsets.US_ASCII)).isEqualTo("abc");
        assertThat(in.available()).isZero();
        out.write(ascii("more"));
        connection.near().socket().shutdownOutput();
        assertThat(in.readAllBytes()).isEqualTo(ascii("more"));
        assertThat(in.read()).isEqualTo(-1);
    }

    @Test
    void aReadThatTimesOutCanBeRepeated() throws IOException {
        Connection connection = connection();
        Socket socket = connection.near().socket();
        socket.setSoTimeout(20);
        InputStream in = socket.getInputStream();
        assertThat(Outcome.of(() -> in.read())).isEqualTo("SocketTimeoutException");
        assertThat(connection.near().isOpen()).isTrue();
        socket.setSoTimeout(10_000);
        connection.far().write(bytes("x"));
        assertThat(in.read()).isEqualTo('x');
    }

    @Test
    void acceptTimesOut() throws IOException {
        ServerSocketChannel listener = listening();
        ServerSocket socket = listener.socket();
        socket.setSoTimeout(20);
        assertThat(Outcome.of(socket::accept)).isEqualTo("SocketTimeoutException");
        socket.setSoTimeout(10_000);
        farSocketChannel().connect(listener.getLocalAddress());
        Socket accepted = closing(socket.accept());
        assertThat(accepted.getChannel()).isNotNull();
        assertThat(accepted.isConnected()).isTrue();
    }

    @Test
    void aConnectThatTimesOutClosesTheChannel() throws IOException {
        InetSocketAddress silent = silentPort();
        SocketChannel channel = socketChannel();
        assertThat(Outcome.when(() -> channel.socket().connect(silent, 20))).isEqualTo("SocketTimeoutException");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void connectWithinItsTime() throws IOException {
        ServerSocketChannel listener = farListening();
        SocketChannel channel = socketChannel();
        channel.socket().connect(listener.getLocalAddress(), 10_000);
        assertThat(channel.isConnected() && channel.isBlocking()).isTrue();
        SocketChannel refused = socketChannel();
        InetSocketAddress closed = closedPort();
        assertThat(Outcome.message(() -> refused.socket().connect(closed, 10_000)))
                .isEqualTo("ConnectException: Connection refused");
        assertThat(refused.isOpen()).isFalse();
    }

    @Test
    void receiveTimesOut() throws IOException {
        DatagramChannel channel = datagramChannel().bind(near());
        DatagramSocket socket = channel.socket();
        socket.setSoTimeout(20);
        DatagramPacket packet = new DatagramPacket(new byte[4], 4);
        assertThat(Outcome.when(() -> socket.receive(packet))).isEqualTo("SocketTimeoutException");
        socket.setSoTimeout(10_000);
        DatagramChannel far = farDatagramChannel().bind(far(0));
        far.send(bytes("longer"), channel.getLocalAddress());
        socket.receive(packet);
        assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII))
                .isEqualTo("long");
        assertThat(packet.getSocketAddress()).isEqualTo(far.getLocalAddress());
    }

    @Test
    void streamsAndPacketsNeedABlockingChannel() throws IOException {
        SocketChannel channel = nonBlockingConnection().near();
        Socket socket = channel.socket();
        assertThat(Outcome.of(() -> socket.getInputStream().read())).isEqualTo("IllegalBlockingModeException");
        assertThat(Outcome.when(() -> socket.getOutputStream().write(1))).isEqualTo("IllegalBlockingModeException");
        ServerSocketChannel listener = listening();
        listener.configureBlocking(false);
        assertThat(Outcome.of(() -> listener.socket().accept())).isEqualTo("IllegalBlockingModeException");
        SocketChannel unconnected = socketChannel();
        unconnected.configureBlocking(false);
        InetSocketAddress peer = localOf(farListening());
        assertThat(Outcome.when(() -> unconnected.socket().connect(peer))).isEqualTo("IllegalBlockingModeException");
        DatagramChannel datagrams = datagramChannel().bind(near());
        datagrams.configureBlocking(false);
        DatagramPacket packet = new DatagramPacket(new byte[4], 4, near(9));
        assertThat(Outcome.when(() -> datagrams.socket().receive(packet))).isEqualTo("IllegalBlockingModeException");
        assertThat(Outcome.when(() -> datagrams.socket().send(packet))).isEqualTo("IllegalBlockingModeException");
    }

    @Test
    void closeEndsAReadOfTheStream() throws Exception {
        SocketChannel channel = connection().near();
        InputStream in = channel.socket().getInputStream();
        Background<Integer> reading = Background.start(() -> in.read()).awaitBlocked();
        channel.close();
        assertThat(reading.outcome()).isEqualTo("AsynchronousCloseException");
    }

    @Test
    void interruptEndsAReadOfTheStream() throws Exception {
        SocketChannel channel = connection().near();
        InputStream in = channel.socket().getInputStream();
        Background<Integer> reading = Background.start(() -> in.read()).awaitBlocked();
        reading.interrupt();
        assertThat(reading.outcome()).isEqualTo("ClosedByInterruptException, interrupted");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void closeEndsAReadThatWouldTimeOut() throws Exception {
        SocketChannel channel = connection().near();
        channel.socket().setSoTimeout(60_000);
        InputStream in = channel.socket().getInputStream();
        Background<Integer> reading = Background.start(() -> in.read()).awaitBlocked();
        channel.close();
        assertThat(reading.outcome()).isEqualTo("AsynchronousCloseException");
    }

    @Test
    void closingAStreamClosesTheChannel() throws IOException {
        Connection connection = connection();
        connection.near().socket().getOutputStream().close();
        assertThat(connection.near().isOpen()).isFalse();
        assertThat(read(connection.far(), 1)).isEmpty();
    }

    @Test
    void bindAndBacklogByTheSocket() throws IOException {
        ServerSocketChannel listener = serverSocketChannel();
        listener.socket().bind(near(), 5);
        farSocketChannel().connect(listener.getLocalAddress());
        assertThat(closing(listener.accept()).isConnected()).isTrue();
        InetSocketAddress taken = localOf(listener);
        assertThat(Outcome.when(() -> socketChannel().socket().bind(taken))).isEqualTo("BindException");
        assertThat(Outcome.when(() -> serverSocketChannel().socket().bind(taken)))
                .isEqualTo("BindException");
    }
}
