package dev.towpath.bench.tap;

import dev.towpath.tap.Namespaces;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Private network namespaces, each held open by a process that ends with this one. None has a name, so none is left
 * behind whatever happens.
 */
final class Network implements Closeable {
    private static final List<String> SETTINGS = List.of(
            "net.ipv6.conf.all.disable_ipv6=1",
            "net.ipv6.conf.default.disable_ipv6=1",
            "net.ipv4.ip_local_port_range=1024 65535", // so that 16 at a time find ports for seconds
            "net.ipv4.tcp_tw_reuse=1");

    private final Namespaces way;
    private final List<Process> holders = new ArrayList<>();

    /**
     * Without any namespace yet.
     *
     * @throws IOException if this user may not have them
     */
    Network() throws IOException {
        way = Namespaces.probeWithRights();
        if (way.obstacle() != null) {
            throw new IOException("no private network namespace: " + way.obstacle());
        }
    }

    /** Makes another namespace, in the same user namespace as the first; returns the words that lead a command there. */
    Namespace add() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (holders.isEmpty()) {
            command.addAll(way.unshareCommand());
        } else {
            command.addAll(way.enterCommand(holders.get(0).pid(), false));
            command.addAll(List.of("unshare", "--net", "--"));
        }
        command.add("cat"); // it ends when its input does
        Process holder = new ProcessBuilder(command).start();
        holders.add(holder);
        await(holder);
        Namespace namespace = new Namespace(holder.pid(), way.enterCommand(holder.pid(), true));
        namespace.run("ip", "link", "set", "lo", "up");
        for (String setting : SETTINGS) {
            namespace.tryRun(List.of("sysctl", "-qw", setting)); // not every container has them; nothing breaks
        }
        return namespace;
    }

    /** One of the namespaces. */
    record Namespace(long holder, List<String> enter) {
        /** The command line that runs {@code command} in it. */
        List<String> command(List<String> command) {
            List<String> all = new ArrayList<>(enter);
            all.addAll(command);
            return all;
        }

        /** Runs a command in it that must succeed. */
        void run(String... command) throws IOException, InterruptedException {
            String complaint = tryRun(List.of(command));
            if (complaint != null) {
                throw new IOException(String.join(" ", command) + ": " + complaint);
            }
        }

        /** Runs a command in it; null, or what it said when it failed. */
        @Nullable
        String tryRun(List<String> command) throws IOException, InterruptedException {
            Process process = new ProcessBuilder(command(command))
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? null : said;
        }
    }

    @Override
    public void close() {
        holders.forEach(Process::destroy);
    }

    /** unshare(1) becomes cat(1) when the namespaces are made: an echo of a line shows that they are. */
    private static void await(Process holder) throws IOException {
        holder.getOutputStream().write('\n');
        holder.getOutputStream().flush();
        if (holder.getInputStream().read() != '\n') {
            throw new IOException("no network namespace: "
                    + new String(holder.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip());
        }
    }
}
