package dev.towpath.sim;

import static dev.towpath.sim.Units.gbit;
import static dev.towpath.sim.Units.micros;
import static dev.towpath.sim.Units.ms;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.config.TcpConfig;
import dev.towpath.info.TcpInfo;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.SockOpt;
import dev.towpath.socket.TcpSocket;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Both ends' buffers on a path that holds far more than they do at first, and on one that holds far less. */
@Covers({Requirement.RECEIVE_AUTOTUNING, Requirement.SEND_AUTOTUNING})
class LongFatPathTest {
    private static final int BYTES = 100 << 20;

    /** How a transfer went. */
    private record Outcome(Duration time, TcpInfo sender, TcpInfo receiver) {}

    private static Outcome transfer(TcpConfig config, Duration oneWay) throws ErrnoException {
        try (Network net = Network.withSeed(1)) {
            Host a = net.host("a").tcp(config);
            Host b = net.host("b").tcp(config);
            net.connect(a, b, link -> link.delay(oneWay).rate(gbit(1)).superSegments());
            try (TcpSocket listener = TcpSocket.open(b.stack());
                    TcpSocket out = TcpSocket.open(a.stack())) {
                listener.bind(IpAddress.ANY_V4, 80);
                listener.listen(1);
                out.connect(b.address(), 80);
                TcpSocket in = listener.accept();
                in.nonBlocking(true);
                long[] left = {BYTES};
                ByteBuffer into = ByteBuffer.allocateDirect(1 << 20);
                net.every(micros(500), () -> left[0] -= readAll(in, into));
                Duration begin = net.now();
                out.send(ByteBuffer.allocateDirect(BYTES), 0);
                net.runUntil(() -> left[0] == 0, Duration.ofMinutes(5));
                return new Outcome(net.now().minus(begin), out.option(SockOpt.TCP_INFO), in.option(SockOpt.TCP_INFO));
            }
        }
    }

    private static long readAll(TcpSocket in, ByteBuffer into) {
        long sum = 0;
        try {
            for (int count = in.recv(into.clear(), 0); count > 0; count = in.recv(into.clear(), 0)) {
                sum += count;
            }
        } catch (ErrnoException nothingMore) {
            return sum;
        }
        return sum;
    }

    @Test
    void aLongPathIsFilled() throws ErrnoException { // 1 MiB in 300 ms would be 28 Mbit/s, and 30 s
        Outcome tuned = transfer(TcpConfig.DEFAULT, ms(150));
        assertThat(tuned.time).isLessThan(Duration.ofSeconds(8));
        assertThat(tuned.receiver.rcvBuf).isGreaterThan(8 << 20);
        assertThat(tuned.sender.sndBuf).isGreaterThan(8 << 20);
    }

    @Test
    void withoutTuningTheBuffersAreTheLimit() throws ErrnoException {
        TcpConfig fixed = TcpConfig.builder()
                .maxReceiveBuffer(1 << 20)
                .maxSendBuffer(1 << 20)
                .build();
        assertThat(transfer(fixed, ms(150)).time).isGreaterThan(Duration.ofSeconds(25));
    }

    @Test
    void aShortPathNeedsNoMoreThanItHas() throws ErrnoException { // 1 Gbit/s and 100 us are 12 kB
        Outcome tuned = transfer(TcpConfig.DEFAULT, micros(50));
        assertThat(tuned.time).isLessThan(Duration.ofMillis(950));
        assertThat(tuned.receiver.rcvBuf).isEqualTo(1 << 20);
        assertThat(tuned.sender.sndBuf).isEqualTo(1 << 20);
    }
}
