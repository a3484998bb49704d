package dev.towpath.tap;

import static dev.towpath.tap.TapHost.KERNEL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.buffer.FramePool;
import dev.towpath.config.EcnMode;
import dev.towpath.config.TcpConfig;
import dev.towpath.link.ImpairedDevice;
import dev.towpath.link.Impairment;
import dev.towpath.socket.TcpSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The stack against the kernel's TCP with its options on and off, through a bad network: 20 Mbit/s, 20 ms of delay
 * and the same loss in each direction. In every case one connection carries data to the kernel while another carries
 * data from it.
 *
 * <p>The full product would be 96 cases; any two choices come together in one of these at least, which is what it takes
 * to find a fault that needs two of them. Time is real here: the tests wait for bytes and count, they never measure.
 */
@Timeout(120)
class KernelMatrixIT {
    private static final int PORT = 5000;
    private static final long SEED = 20_261_120;
    private static final Duration DELAY = Duration.ofMillis(20);
    private static final long BITS_PER_SECOND = 20_000_000;
    private static final long QUEUE = 500_000;
    /** So little that the initial window already is marked: not everything ever forms a queue in real time. */
    private static final long MARKED = 5_000;

    private static final int BUFFER = 65_536;
    private static final String ECHOED = "TcpExtTCPDeliveredCE";
    private static final Duration STALL = Duration.ofSeconds(5);

    /**
     * One combination.
     *
     * @param loss in each direction
     * @param congestion which of the kernel's congestion controls, 0 or 1
     */
    record Case(double loss, boolean ecn, boolean timestamps, boolean scaling, boolean sack, int congestion) {
        /** Enough for a few losses; marks and losses make it slow. */
        int bytes() {
            return !ecn && loss < 0.01 ? 4 << 20 : 3 << 19;
        }

        Impairment path() {
            return Impairment.NONE
                    .withRate(BITS_PER_SECOND, QUEUE)
                    .withMarkingAbove(MARKED)
                    .withDelay(DELAY)
                    .withLoss(loss);
        }

        /** Ours. */
        TcpConfig.Builder config() {
            return TcpConfig.builder().ecn(ecn ? EcnMode.ON : EcnMode.OFF);
        }

        Object[] choices() {
            return new Object[] {loss, ecn, timestamps, scaling, sack, congestion};
        }

        void apply(KernelTcp kernel) throws IOException {
            kernel.set("tcp_ecn", ecn ? 1 : 0); // 1: asks for it, and grants it
            kernel.set("tcp_timestamps", timestamps ? 1 : 0);
            kernel.set("tcp_window_scaling", scaling ? 1 : 0);
            kernel.set("tcp_sack", sack ? 1 : 0);
            List<String> names = KernelTcp.congestionControls();
            kernel.set("tcp_congestion_control", names.get(Math.min(congestion, names.size() - 1)));
        }
    }

    static List<Case> cases() {
        return List.of(
                new Case(0.00, false, false, false, false, 0),
                new Case(0.00, true, true, true, true, 1),
                new Case(0.001, false, true, true, false, 0),
                new Case(0.001, true, false, false, true, 1),
                new Case(0.001, true, true, true, true, 0),
                new Case(0.01, false, true, false, true, 0),
                new Case(0.01, true, false, true, false, 1),
                new Case(0.01, false, true, true, true, 1));
    }

    @BeforeAll
    static void possible() {
        TapTests.assumeTap();
    }

    @Test
    void anyTwoChoicesMeet() {
        Set<String> met = new HashSet<>();
        Set<String> wanted = new TreeSet<>();
        for (Case one : cases()) {
            for (Case other : cases()) {
                for (int i = 0; i < one.choices().length; i++) {
                    for (int j = 0; j < i; j++) {
                        wanted.add(i + "=" + one.choices()[i] + " " + j + "=" + other.choices()[j]);
                        met.add(i + "=" + one.choices()[i] + " " + j + "=" + one.choices()[j]);
                    }
                }
            }
        }
        wanted.removeAll(met);
        assertThat(wanted).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void bytesArriveBothWays(Case matrix) throws Exception {
        try (KernelTcp kernel = new KernelTcp()) {
            matrix.apply(kernel);
            try (Pair pair = new Pair(matrix, matrix.config().build())) {
                pair.moveBothWays(matrix.bytes(), Duration.ZERO);
                requireNoSurprises(pair, kernel);
                assertThat(pair.host.counter(ECHOED) > 0)
                        .as("the kernel echoed a mark, which takes ECN")
                        .isEqualTo(matrix.ecn());
                assertThat(kernel.counter(ECHOED) > 0)
                        .as("the stack echoed a mark, which takes ECN")
                        .isEqualTo(matrix.ecn());
                if (matrix.loss() >= 0.01) {
                    assertThat(pair.host.counter("TcpRetransSegs"))
                            .as("the stack resent")
                            .isPositive();
                    assertThat(kernel.counter("TcpRetransSegs"))
                            .as("the kernel resent")
                            .isPositive();
                    String recovery = matrix.sack() ? "TcpExtTCPSackRecovery" : "TcpExtTCPRenoRecovery";
                    assertThat(pair.host.counter(recovery)).as(recovery).isPositive();
                }
            }
        }
    }

    static Stream<Case> stalls() {
        return Stream.of(
                new Case(0, false, true, true, true, 0), //
                new Case(0.01, true, false, false, false, 1));
    }

    /** Both readers stop before they have begun: windows close, are probed, and open again. */
    @ParameterizedTest
    @MethodSource("stalls")
    void aClosedWindowOpensAgain(Case matrix) throws Exception {
        try (KernelTcp kernel = new KernelTcp()) {
            matrix.apply(kernel);
            kernel.set("tcp_rmem", "4096 65536 65536"); // else both ends would make room for all of it
            kernel.set("tcp_wmem", "4096 65536 65536");
            TcpConfig small = matrix.config()
                    .receiveBuffer(BUFFER)
                    .maxReceiveBuffer(BUFFER)
                    .sendBuffer(BUFFER)
                    .maxSendBuffer(BUFFER)
                    .build();
            try (Pair pair = new Pair(matrix, small)) {
                pair.moveBothWays(1 << 20, STALL);
                requireNoSurprises(pair, kernel);
                assertThat(pair.host.counter("TcpExtTCPWinProbe"))
                        .as("the stack probed")
                        .isPositive();
                assertThat(kernel.counter("TcpExtTCPWinProbe"))
                        .as("the kernel probed")
                        .isPositive();
                assertThat(pair.host.counter("TcpExtTCPToZeroWindowAdv"))
                        .as("the stack's window closed")
                        .isPositive();
            }
        }
    }

    private static void requireNoSurprises(Pair pair, KernelTcp kernel) {
        assertThat(pair.host.counter("TcpOutRsts")).as("resets of the stack's").isZero();
        assertThat(kernel.counter("TcpOutRsts")).as("resets of the kernel's").isZero();
        assertThat(pair.host.counter("TcpInErrs")).as("malformed segments").isZero();
        assertThat(kernel.counter("TcpInErrs"))
                .as("segments the kernel calls malformed")
                .isZero();
    }

    /** Two connections between the stack and the kernel over one bad network, each opened by another end. */
    private static final class Pair implements AutoCloseable {
        final TapHost host;

        Pair(Case matrix, TcpConfig config) throws IOException {
            FramePool frames = new FramePool();
            Impairment path = matrix.path();
            this.host = TapHost.open(Offload.NONE, config, tap -> new ImpairedDevice(tap, path, path, SEED, frames));
        }

        /** {@code bytes} each way at the same time; readers wait for {@code stall} before they read. */
        void moveBothWays(int bytes, Duration stall) throws Exception {
            try (ServerSocket server = new ServerSocket();
                    TcpSocket listener = TcpSocket.open(host.stack());
                    TcpSocket opened = TcpSocket.open(host.stack())) {
                server.bind(new InetSocketAddress(KERNEL.toInetAddress(), PORT));
                listener.bind(TapHost.STACK, PORT);
                listener.listen(1);
                opened.connect(KERNEL, PORT);
                try (Socket kernelAccepted = server.accept();
                        Socket kernelOpened = new Socket(TapHost.inetAddress(), PORT);
                        TcpSocket accepted = listener.accept()) {
                    Bulk.Moving there = new Bulk(SEED + 1, bytes)
                            .start(Bulk.output(opened), Bulk.late(kernelAccepted.getInputStream(), stall));
                    Bulk.Moving back = new Bulk(SEED + 2, bytes)
                            .start(Bulk.output(kernelOpened), Bulk.late(Bulk.input(accepted), stall));
                    there.await();
                    back.await();
                }
            }
            KernelTcp.awaitAllClosed();
        }

        @Override
        public void close() {
            host.close();
        }
    }
}
