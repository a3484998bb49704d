package dev.towpath.tap;

import static dev.towpath.tap.TapHost.KERNEL;
import static dev.towpath.tap.TapHost.STACK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.socket.MsgHdr;
import dev.towpath.socket.SockOpt;
import dev.towpath.socket.UdpSocket;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Many datagrams in one call and in one frame, the kernel at the other end. One message at a time, so that no queue on
 * the way overflows: every datagram must arrive.
 */
@Timeout(120)
class DatagramsOnTapIT {
    private static final int PORT = 5000;
    private static final int MESSAGES = 300;
    private static final int LARGEST = 1472;
    /** As many datagrams as the kernel's default receive buffer holds. */
    private static final int MOST_AT_ONCE = 40;

    private static final long SEED = 768_3828;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @BeforeAll
    static void possible() {
        TapTests.assumeTap();
    }

    /** What the TAP does, and whether the receiver asks for datagrams in one piece. */
    static Stream<Arguments> cases() {
        return Stream.of(Offload.values())
                .flatMap(offload -> Stream.of(Arguments.of(offload, false), Arguments.of(offload, true)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theKernelsSuperDatagramsArrive(Offload offload, boolean inOnePiece) throws Exception {
        Random random = new Random(SEED);
        MessageDigest sent = MessageDigest.getInstance("SHA-256");
        MessageDigest received = MessageDigest.getInstance("SHA-256");
        try (TapHost host = TapHost.open(offload);
                UdpSocket stack = UdpSocket.open(host.stack());
                KernelUdp kernel = new KernelUdp().connect(STACK, PORT)) {
            stack.bind(STACK, PORT);
            stack.option(SockOpt.UDP_GRO, inOnePiece);
            stack.option(SockOpt.SO_RCVTIMEO, PATIENCE);
            MsgHdr message = new MsgHdr(ByteBuffer.allocate(65_535));
            boolean whole = false;
            for (int i = 0; i < MESSAGES; i++) {
                int size = 1 + random.nextInt(LARGEST);
                byte[] data = bytes(random, size + random.nextInt((MOST_AT_ONCE - 1) * size));
                kernel.segment(size).send(data);
                sent.update(data);
                for (int got = 0; got < data.length; ) {
                    message.data.clear();
                    int length = stack.recvMsg(message, 0);
                    received.update(message.data.flip());
                    int each = message.segmentSize == 0 ? length : message.segmentSize;
                    assertThat(each).isEqualTo(Math.min(size, data.length - got));
                    whole |= message.segmentSize > 0;
                    got += length;
                }
            }
            assertThat(hex(received)).isEqualTo(hex(sent));
            assertThat(whole).as("a frame came uncut").isEqualTo(inOnePiece && offload == Offload.CHECKSUM_TCP_UDP);
            assertThat(host.counter("UdpInErrors")).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theStacksSuperDatagramsArrive(Offload offload, boolean inOnePiece) throws Exception {
        Random random = new Random(SEED);
        try (TapHost host = TapHost.open(offload);
                UdpSocket stack = UdpSocket.open(host.stack());
                KernelUdp kernel = new KernelUdp().bind(PORT).groups(inOnePiece)) {
            stack.connect(KERNEL, PORT);
            for (int i = 0; i < MESSAGES; i++) {
                int size = 1 + random.nextInt(LARGEST);
                byte[] data = bytes(random, size + random.nextInt((MOST_AT_ONCE - 1) * size));
                stack.option(SockOpt.UDP_SEGMENT, size);
                assertThat(stack.send(ByteBuffer.wrap(data), 0)).isEqualTo(data.length);
                ByteArrayOutputStream received = new ByteArrayOutputStream();
                while (received.size() < data.length) {
                    byte[] piece = kernel.receive();
                    assertThat(piece.length).isPositive();
                    if (!inOnePiece) {
                        assertThat(piece).hasSize(Math.min(size, data.length - received.size()));
                    }
                    received.write(piece);
                }
                assertThat(received.toByteArray()).isEqualTo(data);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theStacksBatchesArrive(Offload offload, boolean sameSizes) throws Exception {
        Random random = new Random(SEED);
        try (TapHost host = TapHost.open(offload);
                UdpSocket stack = UdpSocket.open(host.stack());
                KernelUdp kernel = new KernelUdp().bind(PORT)) {
            stack.connect(KERNEL, PORT);
            MsgHdr[] batch = MsgHdr.batch(MOST_AT_ONCE, 3000);
            for (int i = 0; i < MESSAGES / 5; i++) {
                int size = random.nextInt(LARGEST + 1);
                for (MsgHdr message : batch) {
                    size = sameSizes ? size : random.nextInt(random.nextInt(10) == 0 ? 3000 : 50);
                    message.data.clear().put(bytes(random, size)).flip();
                }
                assertThat(stack.sendMmsg(batch, 0)).isEqualTo(MOST_AT_ONCE);
                for (MsgHdr message : batch) {
                    byte[] expected = new byte[message.length];
                    message.data.get(0, expected);
                    assertThat(kernel.receive()).isEqualTo(expected);
                }
            }
        }
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
