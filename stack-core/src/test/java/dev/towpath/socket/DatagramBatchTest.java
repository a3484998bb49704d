package dev.towpath.socket;

import static dev.towpath.socket.SocketConstants.AF_INET;
import static dev.towpath.socket.SocketConstants.MSG_DONTWAIT;
import static dev.towpath.socket.SocketConstants.MSG_PEEK;
import static dev.towpath.socket.SocketConstants.MSG_TRUNC;
import static dev.towpath.socket.SocketConstants.MSG_WAITFORONE;
import static dev.towpath.socket.SocketConstants.SHUT_RD;
import static dev.towpath.socket.SocketConstants.SOCK_DGRAM;
import static dev.towpath.socket.SocketConstants.SOCK_STREAM;
import static dev.towpath.socket.SocketConstants.UIO_MAXIOV;
import static dev.towpath.socket.TwoHosts.CLIENT;
import static dev.towpath.socket.TwoHosts.SERVER;
import static dev.towpath.socket.TwoHosts.bytes;
import static dev.towpath.socket.TwoHosts.fails;
import static dev.towpath.socket.TwoHosts.received;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.link.MemoryLink;
import dev.towpath.testing.Allocations;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** sendmmsg and recvmmsg as Linux has them, on a wire that cuts datagrams and on one that does not. */
@ParameterizedClass
@MethodSource("links")
class DatagramBatchTest {
    private final MemoryLink link;
    private final TwoHosts hosts;
    private final UdpSocket near;
    private final UdpSocket far;

    DatagramBatchTest(MemoryLink link) throws ErrnoException {
        this.link = link;
        hosts = new TwoHosts(link);
        near = UdpSocket.open(hosts.client);
        far = UdpSocket.open(hosts.server);
        far.bind(IpAddress.ANY_V4, 7);
    }

    static Stream<MemoryLink> links() {
        return Stream.of(MemoryLink.DEFAULT, MemoryLink.PLAIN);
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    @Test
    void aBatchArrivesAsItsDatagrams() throws ErrnoException {
        near.connect(SERVER, 7);
        assertThat(near.sendMmsg(messages("one", "two", "six", "", "eleven", "ten"), 0))
                .isEqualTo(6);
        MsgHdr[] into = MsgHdr.batch(8, 100);
        assertThat(far.recvMmsg(into, MSG_WAITFORONE)).isEqualTo(6);
        assertThat(texts(into, 6)).containsExactly("one", "two", "six", "", "eleven", "ten");
        assertThat(into[4].length).isEqualTo(6);
        for (int i = 0; i < 6; i++) {
            assertThat(into[i].address.endpoint()).isEqualTo(near.localEndpoint());
            assertThat(into[i].segmentSize).isZero();
            assertThat(into[i].flags).isZero();
        }
    }

    @Test
    void eachMessageHasItsOwnPeerOrTheConnectedOne() throws ErrnoException {
        UdpSocket other = UdpSocket.open(hosts.server);
        other.bind(SERVER, 8);
        near.connect(SERVER, 7);
        MsgHdr[] batch = messages("a", "b", "c");
        batch[1].address.set(SERVER, 8);
        assertThat(near.sendMmsg(batch, 0)).isEqualTo(3);
        assertThat(received(far)).isEqualTo("a");
        assertThat(received(far)).isEqualTo("c");
        assertThat(received(other)).isEqualTo("b");
        batch[1].address.clear();
        batch[1].data.rewind();
        assertThat(near.sendMsg(batch[1], 0)).isEqualTo(1);
        assertThat(received(far)).isEqualTo("b");
    }

    @Test
    void aReceivedBatchGoesStraightBack() throws ErrnoException {
        near.connect(SERVER, 7);
        near.sendMmsg(messages("ping", "pong"), 0);
        MsgHdr[] batch = MsgHdr.batch(4, 100);
        int count = far.recvMmsg(batch, MSG_WAITFORONE);
        for (int i = 0; i < count; i++) {
            batch[i].data.flip();
        }
        assertThat(far.sendMmsg(batch, count, 0)).isEqualTo(2);
        assertThat(received(near)).isEqualTo("ping");
        assertThat(received(near)).isEqualTo("pong");
    }

    // ---- sendmmsg: what goes wrong

    @Test
    void anErrorInTheMiddleEndsTheBatchAndIsMetAgainByTheNext() throws ErrnoException {
        near.connect(SERVER, 7);
        MsgHdr[] batch = messages("a", "b", "too long", "c");
        batch[2].data = ByteBuffer.allocate(65_508);
        assertThat(near.sendMmsg(batch, 0)).isEqualTo(2);
        assertThat(received(far)).isEqualTo("a");
        assertThat(received(far)).isEqualTo("b");
        fails(Errno.EAGAIN, () -> received(far, 1, MSG_DONTWAIT));
        MsgHdr[] rest = {batch[2], batch[3]};
        fails(Errno.EMSGSIZE, () -> near.sendMmsg(rest, 0));
        batch[2].data = bytes("ok");
        assertThat(near.sendMmsg(rest, 0)).isEqualTo(2);
        assertThat(received(far)).isEqualTo("ok");
    }

    @Test
    void eachKindOfErrorHasItsErrno() throws ErrnoException {
        MsgHdr[] one = messages("x");
        fails(Errno.EDESTADDRREQ, () -> near.sendMmsg(one, 0));
        one[0].address.set(IpAddress.parse("198.51.100.1"), 7);
        fails(Errno.ENETUNREACH, () -> near.sendMmsg(one, 0));
        one[0].address.set(IpAddress.parse("192.0.2.255"), 7);
        fails(Errno.EACCES, () -> near.sendMmsg(one, 0));
        one[0].address.set(IpAddress.parse("2001:db8::1"), 7);
        fails(Errno.EAFNOSUPPORT, () -> near.sendMmsg(one, 0));
        one[0].address.set(SERVER, 0);
        fails(Errno.EADDRNOTAVAIL, () -> near.sendMsg(one[0], 0));
        one[0].address.set(SERVER, 7);
        one[0].segmentSize = 65_536;
        fails(Errno.EINVAL, () -> near.sendMsg(one[0], 0));
        one[0].segmentSize = 1473;
        one[0].data = ByteBuffer.allocate(1473);
        fails(Errno.EMSGSIZE, () -> near.sendMsg(one[0], 0));
        one[0].segmentSize = 1;
        fails(Errno.EINVAL, () -> near.sendMsg(one[0], 0));
        fails(Errno.EFAULT, () -> near.sendMmsg(one, 2, 0));
        fails(Errno.EFAULT, () -> far.recvMmsg(one, -1, 0, null));
        fails(Errno.EINVAL, () -> far.recvMmsg(one, 1, 0, Duration.ofNanos(-1)));
        assertThat(near.sendMmsg(one, 0, 0)).isZero();
        assertThat(far.recvMmsg(one, 0, 0, null)).isZero();
        near.close();
        fails(Errno.EBADF, () -> near.sendMmsg(one, 0));
    }

    @Test
    void anIcmpErrorIsReportedByTheNextBatch() throws ErrnoException {
        near.connect(SERVER, 9);
        assertThat(near.sendMmsg(messages("anybody", "there?"), 0)).isEqualTo(2);
        hosts.net.run(Duration.ofMillis(1));
        fails(Errno.ECONNREFUSED, () -> near.sendMmsg(messages("x"), 0));
        assertThat(near.sendMmsg(messages("x"), 0)).isEqualTo(1);
        hosts.net.run(Duration.ofMillis(1));
        fails(Errno.ECONNREFUSED, () -> near.recvMmsg(MsgHdr.batch(1, 10), 0));
    }

    @Test
    void aBatchIsAtMostSoLong() throws ErrnoException {
        near.connect(SERVER, 7);
        far.option(SockOpt.SO_RCVBUF, 1 << 20);
        MsgHdr[] batch = new MsgHdr[UIO_MAXIOV + 10];
        for (int i = 0; i < batch.length; i++) {
            batch[i] = new MsgHdr(bytes("x"));
        }
        assertThat(near.sendMmsg(batch, 0)).isEqualTo(UIO_MAXIOV);
        assertThat(batch[UIO_MAXIOV].data.hasRemaining()).isTrue();
    }

    // ---- recvmmsg: how long it waits

    @Test
    void itWaitsForAllUnlessToldOtherwise() throws ErrnoException {
        near.connect(SERVER, 7);
        hosts.net.after(Duration.ofMillis(10), () -> send("one", "two"));
        hosts.net.after(Duration.ofMillis(20), () -> send("three"));
        MsgHdr[] into = MsgHdr.batch(3, 10);
        assertThat(far.recvMmsg(into, 0)).isEqualTo(3);
        assertThat(hosts.net.now()).isEqualTo(Duration.ofMillis(20));
        assertThat(texts(into, 3)).containsExactly("one", "two", "three");
        hosts.net.after(Duration.ofMillis(10), () -> send("four"));
        assertThat(far.recvMmsg(MsgHdr.batch(3, 10), MSG_WAITFORONE)).isEqualTo(1);
        assertThat(hosts.net.now()).isEqualTo(Duration.ofMillis(30));
        fails(Errno.EAGAIN, () -> far.recvMmsg(into, MSG_DONTWAIT));
        far.nonBlocking(true);
        fails(Errno.EAGAIN, () -> far.recvMmsg(into, MSG_WAITFORONE));
        assertThat(hosts.net.now()).isEqualTo(Duration.ofMillis(30));
    }

    @Test
    void aTimeoutEndsItWithWhatHasCome() throws ErrnoException {
        near.connect(SERVER, 7);
        MsgHdr[] into = MsgHdr.batch(3, 10);
        fails(Errno.EAGAIN, () -> far.recvMmsg(into, 3, 0, Duration.ofMillis(5)));
        assertThat(hosts.net.now()).isEqualTo(Duration.ofMillis(5));
        fails(Errno.EAGAIN, () -> far.recvMmsg(into, 3, 0, Duration.ZERO));
        send("one");
        assertThat(far.recvMmsg(into, 3, 0, Duration.ofMillis(5))).isEqualTo(1);
        assertThat(hosts.net.now()).isEqualTo(Duration.ofMillis(10));
        far.option(SockOpt.SO_RCVTIMEO, Duration.ofMillis(2));
        send("two");
        assertThat(far.recvMmsg(into, 3, 0, Duration.ofMillis(5))).isEqualTo(1);
        assertThat(hosts.net.now()).as("SO_RCVTIMEO is shorter").isEqualTo(Duration.ofMillis(12));
    }

    @Test
    void whatComesInBetweenEndsItWithWhatHasCome() throws ErrnoException {
        near.connect(SERVER, 9);
        UdpSocket stranger = UdpSocket.open(hosts.server);
        stranger.bind(SERVER, 9);
        stranger.sendTo(bytes("hello"), 0, CLIENT, near.localEndpoint().port());
        stranger.close();
        hosts.net.after(Duration.ofMillis(10), () -> {
            try {
                near.send(bytes("answer"), 0); // to a port that is closed by now
            } catch (ErrnoException e) {
                throw new AssertionError(e);
            }
        });
        MsgHdr[] into = MsgHdr.batch(3, 10);
        assertThat(near.recvMmsg(into, 0)).isEqualTo(1);
        fails(Errno.ECONNREFUSED, () -> near.recvMmsg(into, 0));
        near.connect(SERVER, 7);
        near.shutdown(SHUT_RD);
        assertThat(near.recvMmsg(into, 0)).isZero();
    }

    @Test
    void closingEndsItWithWhatHasCome() throws ErrnoException {
        near.connect(SERVER, 7);
        send("one");
        hosts.net.after(Duration.ofMillis(20), () -> {
            try {
                far.close();
            } catch (ErrnoException e) {
                throw new AssertionError(e);
            }
        });
        MsgHdr[] into = MsgHdr.batch(3, 10);
        assertThat(far.recvMmsg(into, 0)).isEqualTo(1);
        fails(Errno.EBADF, () -> far.recvMmsg(into, 0));
    }

    @Test
    void whatDoesNotFitIsMarked() throws ErrnoException {
        near.connect(SERVER, 7);
        send("0123456789", "01234", "0123456789");
        MsgHdr[] into = MsgHdr.batch(3, 5);
        assertThat(far.recvMmsg(into, 2, MSG_PEEK | MSG_TRUNC, null)).isEqualTo(2);
        assertThat(into[1].length).as("as in Linux each looks at the same one").isEqualTo(10);
        assertThat(into[1].flags).isEqualTo(MSG_TRUNC);
        into[0].data.clear();
        into[1].data.clear();
        assertThat(far.recvMmsg(into, 3, 0, null)).isEqualTo(3);
        assertThat(Stream.of(into).map(message -> message.length)).containsExactly(5, 5, 5);
        assertThat(Stream.of(into).map(message -> message.flags)).containsExactly(MSG_TRUNC, 0, MSG_TRUNC);
    }

    @Test
    void aBufferThatCantBeWrittenEndsIt() throws ErrnoException {
        near.connect(SERVER, 7);
        send("one", "two");
        MsgHdr[] into = {
            new MsgHdr(ByteBuffer.allocate(10)), new MsgHdr(bytes("ro").asReadOnlyBuffer())
        };
        assertThat(far.recvMmsg(into, 0)).isEqualTo(1);
        MsgHdr[] rest = {into[1]};
        fails(Errno.EFAULT, () -> far.recvMmsg(rest, 0));
        assertThat(received(far)).isEqualTo("two");
    }

    // ---- UDP_SEGMENT and UDP_GRO

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneCallSendsManyDatagrams(boolean byMessage) throws ErrnoException {
        near.connect(SERVER, 7);
        if (byMessage) {
            MsgHdr message = new MsgHdr(bytes("aaabbbcccd"));
            message.segmentSize = 3;
            assertThat(near.sendMsg(message, 0)).isEqualTo(10);
        } else {
            near.option(SockOpt.UDP_SEGMENT, 3);
            assertThat(near.send(bytes("aaabbbcccd"), 0)).isEqualTo(10);
        }
        for (String expected : List.of("aaa", "bbb", "ccc", "d")) {
            assertThat(received(far)).isEqualTo(expected);
        }
        fails(Errno.EAGAIN, () -> received(far, 1, MSG_DONTWAIT));
        near.option(SockOpt.UDP_SEGMENT, 0);
        near.sendTo(bytes("aaabbb"), 0, SERVER, 7);
        assertThat(received(far)).isEqualTo("aaabbb");
    }

    @Test
    void whoAsksForItGetsThemAsOneWithTheirSize() throws ErrnoException {
        far.option(SockOpt.UDP_GRO, true);
        near.option(SockOpt.UDP_SEGMENT, 3);
        near.sendTo(bytes("aaabbbcccd"), 0, SERVER, 7);
        MsgHdr message = new MsgHdr(ByteBuffer.allocate(100));
        List<String> all = new ArrayList<>();
        int frames = 0;
        while (all.size() < 4) {
            int length = far.recvMsg(message, 0);
            String text = texts(new MsgHdr[] {message}, 1).get(0);
            int size = message.segmentSize == 0 ? length : message.segmentSize;
            for (int at = 0; at < length; at += size) {
                all.add(text.substring(at, Math.min(length, at + size)));
            }
            frames++;
            message.data.clear();
        }
        assertThat(all).containsExactly("aaa", "bbb", "ccc", "d");
        assertThat(frames).isEqualTo(link.features().udpSegmentation() ? 1 : 4);
        assertThat(message.address.address()).isEqualTo(CLIENT);
        assertThat(message.address.port()).isEqualTo(near.localEndpoint().port());
    }

    @Test
    void aDatagramInFragmentsIsOneDatagram() throws ErrnoException {
        far.option(SockOpt.UDP_GRO, true);
        MsgHdr[] large = {
            new MsgHdr(ByteBuffer.allocate(5000)),
            new MsgHdr(ByteBuffer.allocate(5000)),
            new MsgHdr(ByteBuffer.allocate(1))
        };
        for (MsgHdr message : large) {
            message.address.set(SERVER, 7);
        }
        assertThat(near.sendMmsg(large, 0)).isEqualTo(3);
        MsgHdr[] into = MsgHdr.batch(3, 20_000);
        assertThat(far.recvMmsg(into, 0)).isEqualTo(3);
        assertThat(Stream.of(into).map(message -> message.length)).containsExactly(5000, 5000, 1);
        assertThat(Stream.of(into).map(message -> message.segmentSize)).containsExactly(0, 0, 0);
    }

    @Test
    void shutdownIsNoMessage() throws ErrnoException {
        near.connect(SERVER, 7);
        near.shutdown(SHUT_RD);
        MsgHdr message = new MsgHdr(ByteBuffer.allocate(10));
        message.length = 5;
        assertThat(near.recvMsg(message, 0)).isZero();
        assertThat(message.length).isZero();
    }

    // ---- the same on descriptors

    @Test
    void batchesOverDescriptors() throws ErrnoException {
        BerkeleySockets client = new BerkeleySockets(hosts.client);
        BerkeleySockets server = new BerkeleySockets(hosts.server);
        int from = client.socket(AF_INET, SOCK_DGRAM, 0);
        int to = server.socket(AF_INET, SOCK_DGRAM, 0);
        server.bind(to, SERVER, 8);
        client.connect(from, SERVER, 8);
        assertThat(client.sendmmsg(from, messages("a", "b", "c"), 2, 0)).isEqualTo(2);
        MsgHdr[] into = MsgHdr.batch(4, 10);
        assertThat(server.recvmmsg(to, into, 4, MSG_WAITFORONE, null)).isEqualTo(2);
        assertThat(texts(into, 2)).containsExactly("a", "b");
        client.setsockopt(from, SockOpt.UDP_SEGMENT, 1);
        assertThat(client.sendmsg(from, messages("xy")[0], 0)).isEqualTo(2);
        into[0].data.clear();
        assertThat(server.recvmsg(to, into[0], 0)).isEqualTo(1);
        int stream = client.socket(AF_INET, SOCK_STREAM, 0);
        fails(Errno.EOPNOTSUPP, () -> client.sendmmsg(stream, into, 1, 0));
        fails(Errno.EOPNOTSUPP, () -> client.recvmmsg(stream, into, 1, 0, null));
    }

    @Test
    void messagesOfAStreamAreItsBytes() throws ErrnoException {
        BerkeleySockets client = new BerkeleySockets(hosts.client);
        try (TcpSocket listening = hosts.listening(80)) {
            int fd = client.socket(AF_INET, SOCK_STREAM, 0);
            client.connect(fd, SERVER, 80);
            TcpSocket accepted = listening.accept();
            assertThat(client.sendmsg(fd, messages("hello")[0], 0)).isEqualTo(5);
            assertThat(received(accepted)).isEqualTo("hello");
            accepted.send(bytes("back"), 0);
            MsgHdr into = new MsgHdr(ByteBuffer.allocate(10));
            assertThat(client.recvmsg(fd, into, 0)).isEqualTo(4);
            assertThat(into.length).isEqualTo(4);
        }
    }

    // ---- memory

    @Test
    void aBatchThereAndBackAllocatesNothing() throws ErrnoException {
        near.connect(SERVER, 7);
        MsgHdr[] there = MsgHdr.batch(16, 64);
        MsgHdr[] back = MsgHdr.batch(16, 64);
        far.nonBlocking(true);
        near.nonBlocking(true);
        Duration moment = Duration.ofNanos(1000);
        long bare = Allocations.bytesPerCall(() -> hosts.net.run(moment)); // what the simulation itself costs
        long all = Allocations.bytesPerCall(() -> {
            try {
                for (MsgHdr message : there) {
                    message.data.clear();
                }
                int sent = near.sendMmsg(there, 0);
                hosts.net.run(moment);
                int count = far.recvMmsg(back, 0);
                for (MsgHdr message : back) {
                    message.data.clear();
                }
                if (sent != 16 || count != 16) {
                    throw new AssertionError(sent + " sent, " + count + " received");
                }
            } catch (ErrnoException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(all).isLessThanOrEqualTo(bare);
    }

    private void send(String... texts) {
        try {
            near.sendMmsg(messages(texts), 0);
        } catch (ErrnoException e) {
            throw new AssertionError(e);
        }
    }

    private static MsgHdr[] messages(String... texts) {
        return Stream.of(texts).map(text -> new MsgHdr(bytes(text))).toArray(MsgHdr[]::new);
    }

    private static List<String> texts(MsgHdr[] batch, int count) {
        return Stream.of(batch)
                .limit(count)
                .map(message -> message.data.duplicate().flip())
                .map(data -> StandardCharsets.US_ASCII.decode(data).toString())
                .toList();
    }
}
