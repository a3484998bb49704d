package dev.towpath.sim;

import static dev.towpath.sim.Units.mbit;
import static dev.towpath.sim.Units.ms;
import static dev.towpath.sim.Units.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.config.EcnMode;
import dev.towpath.config.TcpConfig;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.SocketConstants;
import dev.towpath.socket.TcpSocket;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A bottleneck that marks instead of dropping (RFC 3168), between two whole stacks. */
class MarkingTest {
    private static final int PORT = 7;
    private static final int BYTES = 8 << 20;

    private final Network net = Network.withSeed(1);
    private final ByteBuffer bin = ByteBuffer.allocate(1 << 16);
    private int received;

    @AfterEach
    void close() {
        net.close();
    }

    private Host transfer(EcnMode mode) throws ErrnoException {
        TcpConfig config = TcpConfig.builder().ecn(mode).build();
        Host from = net.host("from").tcp(config);
        Host to = net.host("to").tcp(config);
        net.connect(
                from,
                to,
                link -> link.delay(ms(20)).rate(mbit(10)).queueBytes(100_000).markAbove(30_000));
        TcpSocket listening = TcpSocket.open(to.stack());
        listening.bind(to.address(), PORT);
        listening.listen(1);
        TcpSocket sender = TcpSocket.open(from.stack());
        sender.connect(to.address(), PORT);
        TcpSocket receiver = listening.accept();
        net.every(ms(1), () -> take(receiver));
        ByteBuffer piece = ByteBuffer.allocate(1 << 16);
        for (int sent = 0; sent < BYTES; ) {
            sent += sender.send(piece.clear(), 0);
        }
        assertThat(net.runUntil(() -> received == BYTES, seconds(60))).isTrue();
        return from;
    }

    private void take(TcpSocket receiver) {
        try {
            while (true) {
                received += receiver.recv(bin.clear(), SocketConstants.MSG_DONTWAIT);
            }
        } catch (ErrnoException e) {
            // EAGAIN: that was all
        }
    }

    @Test
    void withEcnNothingIsLost() throws ErrnoException {
        Host from = transfer(EcnMode.ON);
        assertThat(from.count("TcpExtTCPDeliveredCE")).isPositive();
        assertThat(from.count("TcpRetransSegs")).isZero();
    }

    @Test
    void withoutItTheQueueOverflows() throws ErrnoException {
        Host from = transfer(EcnMode.OFF);
        assertThat(from.count("TcpExtTCPDeliveredCE")).isZero();
        assertThat(from.count("TcpRetransSegs")).isPositive();
    }
}
