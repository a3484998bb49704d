package dev.towpath.bench.tap;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One system under measurement, with its client: two processes, in network namespaces of their own. */
final class Contestant implements Closeable {
    private static final double GIGA = 1e9;
    private static final Gson GSON = new Gson();

    private final SystemName name;
    private final Work work;
    private final Network network;
    private final Child server;
    private final Child client;

    /** Who takes part. */
    enum SystemName {
        /** The kernel at both ends of a veth pair. */
        KERNEL,
        /** {@link Responder} on a TAP. */
        CEILING,
        /** {@code towpath serve} on a TAP, as it is shipped. */
        STACK;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private Contestant(SystemName name, Work work, Network network, Child server, Child client) {
        this.name = name;
        this.work = work;
        this.network = network;
        this.server = server;
        this.client = client;
    }

    /** Brings {@code name} up for {@code work}. */
    static Contestant start(SystemName name, Work work, boolean offload, Jvm jvm)
            throws IOException, InterruptedException {
        Network network = new Network();
        try {
            Network.Namespace clientSide = network.add();
            Network.Namespace serverSide = name == SystemName.KERNEL ? network.add() : clientSide;
            if (name == SystemName.KERNEL) {
                connect(clientSide, serverSide, offload);
            }
            List<String> pin = work.pinned() ? List.of("taskset", "-c", ProcFiles.firstProcessor()) : List.of();
            Child server = new Child(serverSide.command(concat(pin, serverCommand(name, offload, jvm))));
            Child client =
                    new Child(clientSide.command(concat(pin, jvm.unrecorded().command("dev.towpath.bench.tap.Load"))));
            Contestant contestant = new Contestant(name, work, network, server, client);
            contestant.await();
            return contestant;
        } catch (IOException | RuntimeException e) {
            network.close();
            throw e;
        }
    }

    SystemName name() {
        return name;
    }

    /** Does the work once. */
    Run run(double seconds) throws IOException {
        long received = datagramsReceived();
        double cpu = ProcFiles.cpuSeconds(server.pid());
        long clientResent = ProcFiles.counter(client.pid(), "Tcp", "RetransSegs");
        long serverResent = retransmissions();
        long begin = System.nanoTime();
        Outcome outcome = GSON.fromJson(client.ask(work.word() + " " + seconds), Outcome.class);
        double elapsed = (System.nanoTime() - begin) / GIGA;
        if (outcome.error() != null) {
            return Run.failed(outcome.error());
        }
        double used = ProcFiles.cpuSeconds(server.pid()) - cpu;
        boolean bulk = outcome.bytes() > GIGA / 10 && work != Work.DATAGRAMS_IN;
        return new Run(
                work == Work.DATAGRAMS_IN ? (datagramsReceived() - received) / elapsed : outcome.value(),
                bulk ? used / (outcome.bytes() / GIGA) : null,
                outcome.slowest(),
                ProcFiles.counter(client.pid(), "Tcp", "RetransSegs") - clientResent,
                retransmissions() - serverResent,
                outcome.latencyMicros(),
                null);
    }

    @Override
    public void close() throws IOException {
        try (network;
                server;
                client) {
            // in this order: the client, the server, the namespaces
        }
    }

    private void await() throws IOException {
        Outcome answer = GSON.fromJson(client.ask("await"), Outcome.class);
        if (answer.error() != null) {
            String complaint = server.complaint();
            close();
            throw new IOException(name.word() + ": " + answer.error() + "\n" + complaint);
        }
    }

    private long retransmissions() throws IOException {
        return switch (name) {
            case KERNEL -> ProcFiles.counter(server.pid(), "Tcp", "RetransSegs");
            case CEILING -> 0;
            case STACK -> stackCounter("TcpRetransSegs");
        };
    }

    private long datagramsReceived() throws IOException {
        if (work != Work.DATAGRAMS_IN) {
            return 0;
        }
        return name == SystemName.STACK
                ? stackCounter("UdpInDatagrams")
                : ProcFiles.counter(server.pid(), "Udp", "InDatagrams");
    }

    private long stackCounter(String counter) throws IOException {
        Map<String, Long> counters =
                GSON.fromJson(client.ask("counters"), new TypeToken<Map<String, Long>>() {}.getType());
        @Nullable Long value = counters.get(counter);
        return value == null ? 0 : value;
    }

    private static List<String> serverCommand(SystemName name, boolean offload, Jvm jvm) {
        return switch (name) {
            case KERNEL -> jvm.unrecorded().command("dev.towpath.bench.tap.KernelServer");
            case CEILING -> jvm.unrecorded().command("dev.towpath.bench.tap.Responder", "tap0", offload ? "on" : "off");
            case STACK ->
                jvm.command(
                        "dev.towpath.cli.Main",
                        "serve",
                        "--tap",
                        "tap0",
                        "--address",
                        Ports.SERVER + "/24",
                        "--host-address",
                        Ports.CLIENT + "/24",
                        "--offload",
                        offload ? "auto" : "off");
        };
    }

    /** Joins two namespaces by a veth pair. */
    static void connect(Network.Namespace client, Network.Namespace server, boolean offload)
            throws IOException, InterruptedException {
        String peer = Long.toString(server.holder());
        client.run("ip", "link", "add", "veth0", "type", "veth", "peer", "name", "veth0", "netns", peer);
        addAddress(client, Ports.CLIENT, offload);
        addAddress(server, Ports.SERVER, offload);
    }

    private static void addAddress(Network.Namespace namespace, String address, boolean offload)
            throws IOException, InterruptedException {
        namespace.run("ip", "addr", "add", address + "/24", "dev", "veth0");
        namespace.run("ip", "link", "set", "veth0", "up");
        if (!offload) {
            namespace.run("ethtool", "-K", "veth0", "tso", "off", "gso", "off", "gro", "off");
        }
    }

    private static List<String> concat(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
