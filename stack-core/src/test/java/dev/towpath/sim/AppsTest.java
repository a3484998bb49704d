package dev.towpath.sim;

import static dev.towpath.sim.Units.mbit;
import static dev.towpath.sim.Units.minutes;
import static dev.towpath.sim.Units.ms;
import static dev.towpath.sim.Units.seconds;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.socket.Errno;
import dev.towpath.wire.Endpoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Applications written as events, on two hosts 10 ms apart. */
class AppsTest {
    private final Network net = Network.withSeed(7);
    private final Host client = net.host("client");
    private final Host server = net.host("server");
    private final Link link = net.connect(client, server, it -> it.delay(ms(10)));
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void close() {
        net.close();
    }

    private void log(String what) {
        log.add(net.now().toMillis() + " " + what);
    }

    @Test
    void handlersAreCalledWhenThingsHappen() {
        server.listen(80, connection -> {
            log("accepted");
            connection
                    .onData((c, data) -> {
                        log("server heard " + UTF_8.decode(data));
                        c.send("and you?");
                    })
                    .onClose(c -> log("server closed"));
        });
        client.connect(
                "server",
                80,
                connection -> connection
                        .onOpen(c -> {
                            log("open");
                            c.send("hello");
                        })
                        .onData((c, data) -> {
                            log("client heard " + UTF_8.decode(data));
                            c.end();
                        })
                        .onEnd(c -> log("server ended"))
                        .onClose(c -> log("client closed")));
        net.run(seconds(5));
        assertThat(log)
                .containsExactly(
                        "30 open",
                        "40 accepted",
                        "40 server heard hello",
                        "50 client heard and you?",
                        "60 server closed",
                        "70 server ended",
                        "70 client closed");
    }

    @Test
    void aRefusalIsToldOf() {
        Connection refused = client.connect(
                server,
                81,
                connection -> connection.onFailure((c, why) -> log(why.name())).onClose(c -> log("closed")));
        net.run(seconds(5));
        assertThat(log).containsExactly("30 ECONNREFUSED", "30 closed");
        assertThat(refused.failure()).isEqualTo(Errno.ECONNREFUSED);
        assertThat(refused.isClosed()).isTrue();
    }

    @Test
    void anAbortReachesThePeer() {
        server.listen(80, connection -> connection.onFailure((c, why) -> log(why.name())));
        client.connect(
                server, 80, connection -> connection.onOpen(Connection::abort).onClose(c -> log("closed")));
        net.run(seconds(5));
        assertThat(log).containsExactly("30 closed", "40 ECONNRESET");
    }

    @Test
    void whoPausesStopsTheSender() {
        List<Connection> accepted = new ArrayList<>();
        server.listen(80, connection -> accepted.add(connection.pause()));
        Connection sender = client.connect(server, 80, Apps.sends(20_000_000));
        net.run(seconds(60));
        assertThat(accepted.get(0).received()).isZero();
        assertThat(sender.sent()).isBetween(1L, 19_000_000L);
        accepted.get(0).resume();
        net.runUntil(sender::isClosed, seconds(60));
        assertThat(accepted.get(0).received()).isEqualTo(20_000_000);
    }

    @Test
    void linesAreAnswered() {
        server.listen(80, Apps.lines(line -> line.length() + " \u20ac"));
        StringBuilder heard = new StringBuilder();
        client.connect(
                server,
                80,
                connection -> connection
                        .onOpen(c -> c.send("one\ntwo\nthr").send("ee\n").end())
                        .onData((c, data) -> heard.append(UTF_8.decode(data))));
        net.run(seconds(5));
        assertThat(heard).hasToString("3 \u20ac\n3 \u20ac\n5 \u20ac\n");
    }

    @Test
    void aTransferIsTimedAndChecked() {
        link.rate(mbit(10)).queueFrames(100);
        Transfer transfer = Transfer.start(client, server, 9, 5_000_000);
        assertThat(net.runUntil(transfer::isDone, minutes(1))).isTrue();
        assertThat(transfer.isIntact()).isTrue();
        assertThat(transfer.goodput()).isBetween(8e6, 9.7e6);
        assertThat(transfer).asString().startsWith("5000000 of 5000000 bytes in ");
    }

    @Test
    void whatTheNetworkDoesIsRepairedAtItsPrice() {
        link.loss(0.02)
                .duplication(0.01)
                .reordering(0.02, ms(3))
                .corruption(0.01)
                .bursts(0.001, 0.3);
        Transfer transfer = Transfer.start(client, server, 9, 500_000);
        assertThat(net.runUntil(transfer::isDone, minutes(10))).isTrue();
        assertThat(transfer.isIntact()).isTrue();
        assertThat(client.count("TcpRetransSegs")).isPositive();
    }

    @Test
    void datagramsComeAndGo() {
        server.udp(53, (port, from, data) -> {
            log("asked for " + UTF_8.decode(data));
            port.send(from, UTF_8.encode("an answer"));
        });
        DatagramPort asking = client.udp(0, (port, from, data) -> log(UTF_8.decode(data) + " from " + from));
        asking.send(server, 53, "a name");
        asking.send(server, 54, "nobody");
        net.run(seconds(1));
        assertThat(log)
                .containsExactly("20 asked for a name", "30 an answer from " + new Endpoint(server.address(), 53));
        asking.close();
        assertThat(client.stack().connections()).isEmpty();
    }

    @Test
    void manyConnectionsAtOnce() {
        server.listen(7, Apps.echo());
        long[] echoed = new long[1000];
        for (int i = 0; i < echoed.length; i++) {
            int number = i;
            client.connect(
                    server,
                    7,
                    connection -> connection
                            .onOpen(c -> c.send(new byte[number]).end())
                            .onClose(c -> echoed[number] = c.received()));
        }
        net.run(minutes(3));
        for (int i = 0; i < echoed.length; i++) {
            assertThat(echoed[i]).isEqualTo(i);
        }
        assertThat(client.stack().connections()).isEmpty();
    }
}
