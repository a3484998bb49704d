package dev.towpath.sim;

import static dev.towpath.sim.Units.micros;
import static dev.towpath.sim.Units.minutes;
import static dev.towpath.sim.Units.ms;
import static dev.towpath.sim.Units.seconds;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.towpath.config.EcnMode;
import dev.towpath.config.TcpConfig;
import dev.towpath.sim.junit.NetworkTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * Whatever whole hosts are joined by, what comes out of each connection is what went into it, and then nothing is left
 * of it. Each seed is another network: its size, its links, its memory.
 */
class NetworkPropertiesTest {
    private static final EcnMode[] ECN = EcnMode.values();
    private static final int[] MTUS = {576, 1280, 1500, 9000};
    private static final int MOST_BYTES = 60_000;

    @NetworkTest(seeds = 1800)
    void allArrivesThroughABadNetwork(Network net) {
        runTo(net);
    }

    @NetworkTest(seeds = 100)
    void theSameSeedGivesTheSameCapture(Network net) {
        runTo(net);
        try (Network again = Network.withSeed(net.seed())) {
            again.keepLast(32L << 20); // as much as the extension keeps
            runTo(again);
            assertArrayEquals(captureOf(net), captureOf(again));
        }
    }

    private static byte[] captureOf(Network net) {
        return Objects.requireNonNull(net.recording()).toBytes();
    }

    /** Builds the network that follows from its seed, and runs it until nothing is left of any connection. */
    private static void runTo(Network net) {
        Random random = new Random(net.seed("choices"));
        Host server = host(net, "server", random);
        Lan lan = net.lan("lan");
        Router router = net.router("router");
        net.connect(server, router);
        net.connect(router, lan);
        List<Transfer> transfers = new ArrayList<>();
        List<Host> all = new ArrayList<>(List.of(server));
        for (int i = random.nextInt(3); i >= 0; i--) {
            Host client = host(net, "client-" + i, random);
            net.connect(client, lan);
            all.add(client);
        }
        net.links().forEach(link -> shape(link, random));
        all.stream().skip(1).forEach(client -> meet(client, server));
        net.links().forEach(link -> impair(link, random));
        // On one link only: two flipped bits can make a segment whose checksum is right again.
        net.links().get(0).corruption(random.nextInt(20) / 1000.0);
        for (int i = 1; i < all.size(); i++) {
            boolean down = random.nextBoolean();
            Host from = down ? server : all.get(i);
            Host to = down ? all.get(i) : server;
            transfers.add(Transfer.start(from, to, 1000 + i, random.nextInt(MOST_BYTES)));
        }
        boolean done = net.runUntil(() -> transfers.stream().allMatch(Transfer::isDone), minutes(240));
        assertTrue(done && transfers.stream().allMatch(Transfer::isIntact), transfers::toString);
        net.run(minutes(30)); // what was closed is resent until it is acknowledged; then TIME-WAIT
        for (Host host : all) {
            long connections = host.stack().connections().stream()
                    .filter(each -> !each.state().equals("LISTEN"))
                    .count();
            assertEquals(0, connections, () -> host + " has " + host.stack().connections());
        }
    }

    private static Host host(Network net, String name, Random random) {
        TcpConfig.Builder config = TcpConfig.builder()
                .congestionControl(random.nextBoolean() ? "cubic" : "reno")
                .ecn(ECN[random.nextInt(ECN.length)]);
        Host host = net.host(name).tcp(config.build());
        return random.nextInt(3) == 0 ? host.memoryBudget(1 << 20) : host;
    }

    private static void shape(Link link, Random random) {
        link.mtu(MTUS[random.nextInt(MTUS.length)]);
        if (random.nextInt(4) == 0) {
            link.superSegments();
        }
    }

    /** While all is well they learn their neighbours' addresses: three lost ARP requests end a connection by right. */
    private static void meet(Host client, Host server) {
        try {
            assertTrue(client.stack().ping(server.address(), 8, seconds(5)).isPresent());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void impair(Link link, Random random) {
        link.delay(micros(random.nextInt(30_000)))
                .loss(random.nextInt(60) / 1000.0)
                .duplication(random.nextInt(30) / 1000.0)
                .reordering(random.nextInt(100) / 1000.0, ms(random.nextInt(20)))
                .jitter(micros(random.nextInt(2000)));
        if (random.nextBoolean()) {
            link.rate(200_000 + random.nextInt(50_000_000)).queueFrames(10 + random.nextInt(200));
        }
        if (random.nextInt(4) == 0) {
            link.bursts(random.nextInt(10) / 1000.0, 0.3);
        }
        if (random.nextInt(4) == 0) {
            link.markAbove(random.nextInt(30_000));
        }
    }
}
