package dev.towpath.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The end of a program, as its peers see it. */
class FinishTest {
    private final TwoHosts hosts = new TwoHosts();

    @AfterEach
    void close() {
        hosts.close();
    }

    @Test
    void whatWasSentIsDeliveredWithAnEndBehindIt() throws ErrnoException {
        TwoHosts.Connection connection = hosts.connection();
        assertThat(connection.near().send(ByteBuffer.allocate(100_000), 0)).isEqualTo(100_000);
        hosts.client.finish(Duration.ofSeconds(10));
        ByteBuffer received = ByteBuffer.allocate(200_000);
        while (connection.far().recv(received, 0) > 0) {}
        assertThat(received.position()).isEqualTo(100_000);
        assertThat(hosts.client.isOpen()).isTrue();
        assertThat(hosts.client.connections()).as("nothing is left").isEmpty();
    }

    @Test
    void aPeerThatIsGoneIsNotWaitedForLonger() throws ErrnoException {
        TwoHosts.Connection connection = hosts.connection();
        hosts.unplug();
        assertThat(connection.near().send(ByteBuffer.allocate(1000), 0)).isEqualTo(1000);
        Duration before = hosts.net.now();
        hosts.client.finish(Duration.ofSeconds(3));
        assertThat(hosts.net.now().minus(before)).isEqualTo(Duration.ofSeconds(3));
        assertThat(hosts.client.connections()).isEmpty();
    }
}
