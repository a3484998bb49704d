package dev.towpath.socket;

import static org.assertj.core.api.Assertions.assertThat;

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

/**
 * Many senders on a link that holds few frames. A queue that grows instead fills the heap, one that drops instead makes
 * every sender believe in congestion (clawpatrol 150): what does not fit must wait in the send buffers.
 */
class LinkQueueTest {
    private static final int SENDERS = 10;
    private static final int BYTES = 200_000;
    private static final IpAddress SERVER = IpAddress.parse("192.0.2.2");

    private final List<TcpSocket> senders = new ArrayList<>();
    private final List<TcpSocket> receivers = new ArrayList<>();

    @Test
    @Covers(Requirement.MISTAKE_BLOCKING_QUEUE)
    void manySendersAreServedThroughAShortQueue() throws ErrnoException {
        try (Simulation net = new Simulation(1)) {
            MemoryWire wire = new MemoryWire(MemoryLink.PLAIN.withQueueFrames(32));
            NetworkStack client =
                    net.host("client").device(wire.left(), "192.0.2.1/24").start();
            NetworkStack server =
                    net.host("server").device(wire.right(), "192.0.2.2/24").start();
            connect(client, server);
            long received = 0;
            while (received < (long) SENDERS * BYTES) {
                assertThat(net.now()).as("%s bytes came", received).isLessThan(Duration.ofMillis(100));
                for (TcpSocket sender : senders) {
                    send(sender);
                }
                net.run(Duration.ofMillis(1));
                for (TcpSocket receiver : receivers) {
                    received += receive(receiver);
                }
            }
            assertThat(client.counters().get("TcpExtTCPTimeouts")).isZero();
        }
    }

    private void connect(NetworkStack client, NetworkStack server) throws ErrnoException {
        try (TcpSocket listening = TcpSocket.open(server)) {
            listening.bind(IpAddress.ANY_V4, 7);
            listening.listen(SENDERS);
            for (int i = 0; i < SENDERS; i++) {
                TcpSocket sender = TcpSocket.open(client);
                sender.connect(SERVER, 7);
                sender.nonBlocking(true);
                senders.add(sender);
                TcpSocket receiver = listening.accept();
                receiver.nonBlocking(true);
                receivers.add(receiver);
            }
        }
    }

    private static void send(TcpSocket sender) {
        try {
            sender.send(ByteBuffer.allocate(BYTES / 10), 0);
        } catch (ErrnoException full) {
            assertThat(full.errno()).isEqualTo(Errno.EAGAIN);
        }
    }

    private static int receive(TcpSocket receiver) {
        try {
            return receiver.recv(ByteBuffer.allocate(1 << 20), 0);
        } catch (ErrnoException empty) {
            assertThat(empty.errno()).isEqualTo(Errno.EAGAIN);
            return 0;
        }
    }
}
