package dev.towpath.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.link.LinkFeatures;
import dev.towpath.link.MemoryLink;
import dev.towpath.link.MemoryWire;
import dev.towpath.stack.NetworkStack;
import dev.towpath.stack.Simulation;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many connections share a link, whose queue none of them could fill alone. */
@Covers({Requirement.BURSTS_IN_PACKETS, Requirement.MISTAKE_BLOCKING_QUEUE})
class ManyConnectionsTest {
    private static final int CONNECTIONS = 300;
    private static final int BYTES = 50_000;

    @Test
    void theirBurstsTogetherDoNotOverflowTheQueue() throws ErrnoException {
        MemoryWire wire = new MemoryWire(
                MemoryLink.DEFAULT.withFeatures(LinkFeatures.NONE).withQueueFrames(500));
        try (Simulation net = new Simulation(1)) {
            NetworkStack a = net.host("a").device(wire.left(), "192.0.2.1/24").start();
            NetworkStack b = net.host("b").device(wire.right(), "192.0.2.2/24").start();
            List<TcpSocket> senders = new ArrayList<>();
            List<TcpSocket> receivers = new ArrayList<>();
            try (TcpSocket listener = TcpSocket.open(b)) {
                listener.bind(IpAddress.ANY_V4, 80);
                listener.listen(CONNECTIONS);
                for (int i = 0; i < CONNECTIONS; i++) {
                    TcpSocket sender = TcpSocket.open(a);
                    sender.connect(IpAddress.parse("192.0.2.2"), 80);
                    senders.add(sender);
                    receivers.add(listener.accept());
                }
            }
            for (TcpSocket sender : senders) {
                assertThat(sender.send(ByteBuffer.allocate(BYTES), 0)).isEqualTo(BYTES);
            }
            net.run(Duration.ofSeconds(10));
            for (TcpSocket receiver : receivers) {
                assertThat(receiver.recv(ByteBuffer.allocate(BYTES + 1), 0)).isEqualTo(BYTES);
            }
            assertThat(a.counters().get("Drop.DEVICE_QUEUE_FULL")).isZero();
            assertThat(a.counters().get("TcpExtTCPFastRetrans")).isZero();
            assertThat(a.counters().get("TcpExtTCPTimeouts")).isZero();
        }
    }
}
