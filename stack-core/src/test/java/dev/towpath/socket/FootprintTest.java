package dev.towpath.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.testing.ObjectGraph;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What an idle connection costs: a million of them in one JVM, with both ends, are to need no more than 1 KiB an end.
 * Counted is what belongs to one connection and no other, from its socket on.
 */
class FootprintTest {
    /** What the table of connections has for each: a tag and a reference, at the least fill that it grows to. */
    private static final long PLACE_IN_TABLE = 26;

    private static final long KIBIBYTE = 1024;

    /** What has sent knows more of its path, and so does what has received. */
    private static final long USED = 1450;

    private final TwoHosts hosts = new TwoHosts();
    private TwoHosts.Connection connection;
    private TwoHosts.Connection other;

    @BeforeEach
    void connect() throws ErrnoException {
        try (TcpSocket listening = hosts.listening(7)) {
            connection = new TwoHosts.Connection(hosts.connected(7), listening.accept());
            other = new TwoHosts.Connection(hosts.connected(7), listening.accept());
        }
        hosts.net.run(Duration.ofSeconds(1));
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    @Test
    void theEndThatConnectsStaysBelowAKibibyte() {
        ObjectGraph own = ObjectGraph.of(connection.near()).without(ObjectGraph.of(other.near()));
        assertThat(own.bytes() + PLACE_IN_TABLE).as("%s", own).isBetween(KIBIBYTE / 2, KIBIBYTE);
    }

    @Test
    void theEndThatAcceptsStaysBelowAKibibyte() {
        ObjectGraph own = ObjectGraph.of(connection.far()).without(ObjectGraph.of(other.far()));
        assertThat(own.bytes() + PLACE_IN_TABLE).as("%s", own).isBetween(KIBIBYTE / 2, KIBIBYTE);
    }

    @Test
    void settingsAreCopiedOnceTheyDiffer() throws ErrnoException {
        long before = own(connection.far(), other.far());
        connection.far().option(SockOpt.SO_REUSEADDR, false); // the socket's, not the connection's
        assertThat(own(connection.far(), other.far())).isEqualTo(before);
        connection.far().option(SockOpt.TCP_NODELAY, true);
        assertThat(own(connection.far(), other.far())).isGreaterThan(before);
        assertThat(other.far().option(SockOpt.TCP_NODELAY)).isFalse();
    }

    private static long own(TcpSocket socket, TcpSocket other) {
        return ObjectGraph.of(socket).without(ObjectGraph.of(other)).bytes();
    }

    @Test
    void whatWasOnlyNeededForDataIsGivenBack() throws ErrnoException {
        for (TwoHosts.Connection each : new TwoHosts.Connection[] {connection, other}) {
            each.near().send(TwoHosts.bytes("question"), 0);
            assertThat(TwoHosts.received(each.far())).isEqualTo("question");
            each.far().send(TwoHosts.bytes("answer"), 0);
            assertThat(TwoHosts.received(each.near())).isEqualTo("answer");
        }
        hosts.net.run(Duration.ofSeconds(1));
        ObjectGraph near = ObjectGraph.of(connection.near()).without(ObjectGraph.of(other.near()));
        ObjectGraph far = ObjectGraph.of(connection.far()).without(ObjectGraph.of(other.far()));
        assertThat(near.bytes() + PLACE_IN_TABLE).as("%s", near).isLessThanOrEqualTo(USED);
        assertThat(far.bytes() + PLACE_IN_TABLE).as("%s", far).isLessThanOrEqualTo(USED);
    }
}
