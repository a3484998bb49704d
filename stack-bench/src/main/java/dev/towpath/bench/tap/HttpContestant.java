package dev.towpath.bench.tap;

import com.google.gson.Gson;
import dev.towpath.bench.tap.Contestant.SystemName;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** An HTTP server on the kernel or on the stack, with its client: two processes, in network namespaces of their own. */
final class HttpContestant implements Closeable {
    private static final Gson GSON = new Gson();
    private static final double GIGA = 1e9;

    private final Network network;
    private final Child server;
    private final Child client;

    private HttpContestant(Network network, Child server, Child client) {
        this.network = network;
        this.server = server;
        this.client = client;
    }

    /** Brings up a server of HTTP, by its class, on that system. */
    static HttpContestant start(SystemName system, Class<?> main, Jvm jvm) throws IOException, InterruptedException {
        Network network = new Network();
        try {
            Network.Namespace clientSide = network.add();
            Network.Namespace serverSide = system == SystemName.KERNEL ? network.add() : clientSide;
            if (system == SystemName.KERNEL) {
                Contestant.connect(clientSide, serverSide, true);
            }
            List<String> options = system == SystemName.KERNEL ? List.of() : dropIn();
            Jvm recorded = system == SystemName.KERNEL ? jvm.unrecorded() : jvm;
            Child server = new Child(serverSide.command(recorded.command(options, main.getName())));
            Child client = new Child(clientSide.command(jvm.unrecorded().command(HttpLoad.class.getName())));
            HttpContestant contestant = new HttpContestant(network, server, client);
            contestant.await(system);
            return contestant;
        } catch (IOException | RuntimeException e) {
            network.close();
            throw e;
        }
    }

    /** Does the work once. */
    Run run(HttpWork work, double seconds) throws IOException {
        double cpu = ProcFiles.cpuSeconds(server.pid());
        long resent = ProcFiles.counter(client.pid(), "Tcp", "RetransSegs");
        Outcome outcome = GSON.fromJson(client.ask(work.name() + " " + seconds), Outcome.class);
        if (outcome.error() != null) {
            return Run.failed(outcome.error());
        }
        double used = ProcFiles.cpuSeconds(server.pid()) - cpu;
        return new Run(
                outcome.value(),
                work == HttpWork.DOWNLOAD ? used / (outcome.bytes() / GIGA) : null,
                null,
                ProcFiles.counter(client.pid(), "Tcp", "RetransSegs") - resent,
                0,
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

    /** What puts a program on the stack without a changed line. */
    private static List<String> dropIn() {
        return List.of(
                "-Djava.nio.channels.spi.SelectorProvider=dev.towpath.nio.TowpathSelectorProvider",
                "-Dtowpath.interface=tap:tap0",
                "-Dtowpath.address=" + Ports.SERVER + "/24",
                "-Dtowpath.hostAddress=" + Ports.CLIENT + "/24");
    }

    private void await(SystemName system) throws IOException {
        Outcome answer = GSON.fromJson(client.ask("await"), Outcome.class);
        if (answer.error() != null) {
            String complaint = server.complaint();
            close();
            throw new IOException(system.word() + ": " + answer.error() + "\n" + complaint);
        }
    }
}
