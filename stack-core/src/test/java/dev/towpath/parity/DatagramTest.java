package dev.towpath.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datagrams, to whom they go and what is left of them. */
class DatagramTest extends ParityTest {
    private static final int LARGEST = 65_507;

    private DatagramChannel bound() throws IOException {
        return datagramChannel().bind(near());
    }

    private DatagramChannel farBound() throws IOException {
        return farDatagramChannel().bind(far(0));
    }

    /** A port of the far host's where no socket is. */
    private InetSocketAddress closedDatagramPort() throws IOException {
        try (DatagramChannel channel = farBound()) {
            return localOf(channel);
        }
    }

    private static String received(DatagramChannel channel, int room) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(room);
        channel.receive(into);
        return text(into);
    }

    @Test
    void sentAndReceivedWithTheSendersAddress() throws IOException {
        DatagramChannel near = bound();
        DatagramChannel far = farBound();
        ByteBuffer from = bytes("hello");
        assertThat(near.send(from, far.getLocalAddress())).isEqualTo(5);
        assertThat(from.hasRemaining()).isFalse();
        ByteBuffer into = ByteBuffer.allocateDirect(100);
        assertThat(far.receive(into)).isEqualTo(near.getLocalAddress());
        assertThat(text(into)).isEqualTo("hello");
    }

    @Test
    void sendBindsWhoIsNotBound() throws IOException {
        DatagramChannel near = datagramChannel();
        DatagramChannel far = farBound();
        assertThat(near.getLocalAddress()).isNull();
        near.send(bytes("x"), far.getLocalAddress());
        assertThat(localOf(near).getPort()).isPositive();
        assertThat(localOf(near).getAddress().isAnyLocalAddress()).isTrue();
        InetSocketAddress sender = (InetSocketAddress) far.receive(ByteBuffer.allocate(1));
        assertThat(sender).isEqualTo(near(localOf(near).getPort()));
    }

    @Test
    void receiveBindsWhoIsNotBound() throws IOException {
        DatagramChannel near = datagramChannel();
        near.configureBlocking(false);
        assertThat(near.receive(ByteBuffer.allocate(1))).isNull();
        assertThat(near.getLocalAddress()).isNotNull();
    }

    @Test
    void whatDoesNotFitIsLost() throws IOException {
        DatagramChannel near = bound();
        DatagramChannel far = farBound();
        near.send(bytes("0123456789"), far.getLocalAddress());
        near.send(bytes("next"), far.getLocalAddress());
        assertThat(received(far, 4)).isEqualTo("0123");
        assertThat(received(far, 4)).isEqualTo("next");
        near.send(bytes("gone"), far.getLocalAddress());
        near.send(bytes("next"), far.getLocalAddress());
        assertThat(received(far, 0)).isEmpty();
        assertThat(received(far, 100)).isEqualTo("next");
    }

    @Test
    void anEmptyDatagramIsADatagram() throws IOException {
        DatagramChannel near = bound();
        DatagramChannel far = farBound();
        assertThat(near.send(bytes(""), far.getLocalAddress())).isZero();
        assertThat(far.receive(ByteBuffer.allocate(10))).isEqualTo(near.getLocalAddress());
        near.connect(far.getLocalAddress());
        far.send(bytes(""), near.getLocalAddress());
        assertThat(near.read(ByteBuffer.allocate(10))).isEqualTo(-1);
        assertThat(near.isOpen() && near.isConnected()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theLargestDatagramAndOneMore(boolean direct) throws IOException {
        DatagramChannel near = bound();
        DatagramChannel far = farBound();
        near.setOption(StandardSocketOptions.SO_SNDBUF, 1 << 18);
        ByteBuffer from = direct ? ByteBuffer.allocateDirect(LARGEST) : ByteBuffer.allocate(LARGEST);
        for (int i = 0; i < LARGEST; i++) {
            from.put(i, (byte) (i * 7));
        }
        assertThat(near.send(from, far.getLocalAddress())).isEqualTo(LARGEST);
        ByteBuffer into = direct ? ByteBuffer.allocateDirect(70_000) : ByteBuffer.allocate(70_000);
        far.receive(into);
        assertThat(into.flip()).isEqualTo(from.rewind());
        ByteBuffer tooMuch = ByteBuffer.allocate(LARGEST + 1);
        assertThat(Outcome.message(() -> near.send(tooMuch, far.getLocalAddress())))
                .isEqualTo("SocketException: Message too long");
        assertThat(tooMuch.position()).isZero();
        near.connect(far.getLocalAddress());
        assertThat(Outcome.message(() -> near.write(tooMuch))).isEqualTo("IOException: Message too long");
    }

    @Test
    void connectedChannelsHearOnlyTheirPeer() throws IOException {
        DatagramChannel near = bound();
        DatagramChannel peer = farBound();
        DatagramChannel stranger = farBound();
        near.connect(peer.getLocalAddress());
        assertThat(near.isConnected()).isTrue();
        assertThat(near.getRemoteAddress()).isEqualTo(peer.getLocalAddress());
        stranger.send(bytes("stranger"), near.getLocalAddress());
        peer.send(bytes("peer"), near.getLocalAddress());
        assertThat(received(near, 100)).isEqualTo("peer");
        near.configureBlocking(false);
        assertThat(near.receive(ByteBuffer.allocate(1))).isNull();
    }

    @Test
    void whatHadComeBeforeConnectIsGone() throws IOException {
        DatagramChannel near = bound();
        DatagramChannel stranger = farBound();
        DatagramChannel peer = farBound();
        stranger.send(bytes("stranger"), near.getLocalAddress());
        await(near);
        near.connect(peer.getLocalAddress());
        near.configureBlocking(false);
        assertThat(near.read(ByteBuffer.allocate(10))).isZero();
    }

    private static void await(DatagramChannel channel) throws IOException {
        channel.configureBlocking(false);
        try (Selector selector = channel.provider().openSelector()) {
            channel.register(selector, SelectionKey.OP_READ);
            assertThat(selector.select(10_000)).isEqualTo(1);
        }
        channel.configureBlocking(true);
    }

    @Test
    void connectedChannelsSendToTheirPeerAlone() throws IOException {
        DatagramChannel near = bound();
        DatagramChannel peer = farBound();
        near.connect(peer.getLocalAddress());
        assertThat(near.write(bytes("written"))).isEqualTo(7);
        assertThat(near.send(bytes("sent"), peer.getLocalAddress())).isEqualTo(4);
        assertThat(received(peer, 100)).isEqualTo("written");
        assertThat(received(peer, 100)).isEqualTo("sent");
        InetSocketAddress other = localOf(farBound());
        assertThat(Outcome.of(() -> near.send(bytes("x"), other))).isEqualTo("AlreadyConnectedException");
    }

    @Test
    void gatheredIntoOneDatagramAndScatteredFromOne() throws IOException {
        DatagramChannel near = bound();
        DatagramChannel far = farBound();
        near.connect(far.getLocalAddress());
        far.connect(near.getLocalAddress());
        assertThat(near.write(new ByteBuffer[] {bytes("ab"), bytes(""), bytes("cde")}))
                .isEqualTo(5);
        near.write(bytes("next"));
        ByteBuffer[] into = {ByteBuffer.allocate(1), ByteBuffer.allocateDirect(3)};
        assertThat(far.read(into)).isEqualTo(4);
        assertThat(text(into[0]) + "," + text(into[1])).isEqualTo("a,bcd");
        assertThat(received(far, 100)).isEqualTo("next");
    }

    @Test
    void disconnectedChannelsHearEverybodyAgain() throws IOException {
        DatagramChannel near = bound();
        InetSocketAddress local = localOf(near);
        near.connect(farBound().getLocalAddress());
        near.disconnect();
        assertThat(near.isConnected()).isFalse();
        assertThat(near.getRemoteAddress()).isNull();
        assertThat(near.getLocalAddress()).isEqualTo(local);
        farBound().send(bytes("stranger"), local);
        assertThat(received(near, 100)).isEqualTo("stranger");
        assertThat(Outcome.of(() -> near.write(bytes("x")))).isEqualTo("NotYetConnectedException");
    }

    @Test
    void aConnectedChannelMayConnectElsewhereAfterDisconnect() throws IOException {
        DatagramChannel near = bound();
        DatagramChannel one = farBound();
        DatagramChannel two = farBound();
        near.connect(one.getLocalAddress()).disconnect().connect(two.getLocalAddress());
        near.write(bytes("two"));
        assertThat(received(two, 10)).isEqualTo("two");
    }

    @Test
    void connectedChannelsHearThatNobodyIsThere() throws IOException {
        DatagramChannel near = bound();
        near.connect(closedDatagramPort());
        near.write(bytes("x"));
        assertThat(Outcome.of(() -> near.read(ByteBuffer.allocate(1)))).isEqualTo("PortUnreachableException");
        assertThat(near.isOpen() && near.isConnected()).isTrue();
        near.write(bytes("x"));
        assertThat(Outcome.of(() -> near.receive(ByteBuffer.allocate(1)))).isEqualTo("PortUnreachableException");
    }

    @Test
    void theErrorMakesTheKeyReadableAndComesOnce() throws IOException {
        DatagramChannel near = bound();
        near.connect(closedDatagramPort());
        near.configureBlocking(false);
        Selector selector = selector();
        SelectionKey key = near.register(selector, SelectionKey.OP_READ);
        near.write(bytes("x"));
        assertThat(selector.select(10_000)).isEqualTo(1);
        assertThat(key.isReadable()).isTrue();
        assertThat(Outcome.of(() -> near.read(ByteBuffer.allocate(1)))).isEqualTo("PortUnreachableException");
        assertThat(near.read(ByteBuffer.allocate(1))).isZero();
        selector.selectedKeys().clear();
        assertThat(selector.selectNow()).isZero();
    }

    @Test
    void theErrorMayAlsoBeWritten() throws IOException {
        DatagramChannel near = bound();
        near.connect(closedDatagramPort());
        near.write(bytes("x"));
        await(near);
        assertThat(Outcome.of(() -> near.write(bytes("x")))).isEqualTo("PortUnreachableException");
    }

    @Test
    void unconnectedChannelsHearNothingOfIt() throws IOException {
        DatagramChannel near = bound();
        near.send(bytes("x"), closedDatagramPort());
        near.configureBlocking(false);
        assertThat(near.receive(ByteBuffer.allocate(1))).isNull();
        DatagramChannel far = farBound();
        assertThat(near.send(bytes("y"), far.getLocalAddress())).isEqualTo(1);
        assertThat(received(far, 1)).isEqualTo("y");
    }

    @Test
    void readinessOfDatagrams() throws IOException {
        DatagramChannel near = bound();
        near.configureBlocking(false);
        Selector selector = selector();
        SelectionKey key = near.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        assertThat(selector.select()).isEqualTo(1);
        assertThat(key.readyOps()).isEqualTo(SelectionKey.OP_WRITE);
        key.interestOps(SelectionKey.OP_READ);
        DatagramChannel far = farBound();
        far.send(bytes("one"), near.getLocalAddress());
        far.send(bytes("two"), near.getLocalAddress());
        for (String each : new String[] {"one", "two"}) {
            selector.selectedKeys().clear();
            assertThat(selector.select(10_000)).isEqualTo(1);
            assertThat(received(near, 10)).isEqualTo(each);
        }
        selector.selectedKeys().clear();
        assertThat(selector.selectNow()).isZero();
        assertThat(near.receive(ByteBuffer.allocate(1))).isNull();
    }

    @Test
    void aBlockedReceiveReturnsWithTheDatagram() throws Exception {
        DatagramChannel near = bound();
        Background<String> receiving =
                Background.start(() -> received(near, 10)).awaitBlocked();
        farBound().send(bytes("late"), near.getLocalAddress());
        assertThat(receiving.result()).isEqualTo("late");
    }

    @Test
    void aReceiveBlockedWhileUnconnectedIsEndedByCloseOnly() throws Exception {
        DatagramChannel near = bound();
        Background<String> receiving =
                Background.start(() -> received(near, 10)).awaitBlocked();
        near.close();
        assertThat(receiving.outcome()).isEqualTo("AsynchronousCloseException");
    }

    @Test
    void broadcastNeedsPermission() throws IOException {
        DatagramChannel near = datagramChannel();
        InetSocketAddress broadcast = new InetSocketAddress("255.255.255.255", 9);
        assertThat(Outcome.message(() -> near.send(bytes("x"), broadcast)))
                .isEqualTo("BindException: Permission denied");
    }

    @Test
    void orderAndCountHoldOnALocalPath() throws IOException {
        DatagramChannel near = bound();
        DatagramChannel far = farBound();
        near.send(bytes("ask ARP"), far.getLocalAddress());
        far.receive(ByteBuffer.allocate(10));
        for (int i = 0; i < 100; i++) {
            near.send(ByteBuffer.wrap(new byte[] {(byte) i}), far.getLocalAddress());
        }
        for (int i = 0; i < 100; i++) {
            ByteBuffer into = ByteBuffer.allocate(2);
            far.receive(into);
            assertThat(into.get(0)).isEqualTo((byte) i);
        }
    }
}
