package dev.towpath.cli.demo;

import dev.towpath.cli.service.ServiceLoop;
import dev.towpath.cli.service.Services;
import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.IpAddress;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A stack with the standard services, a peer to check it with, and the table of what came out. */
public final class Demo implements Closeable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long SLOWEST_BYTES_PER_SECOND = 2_000_000;

    private static final List<String> MAIN_COUNTERS = List.of(
            "IfInFrames",
            "IfOutFrames",
            "IpInReceives",
            "IpReasmOKs",
            "IpFragCreates",
            "IcmpInEchoReps",
            "UdpInDatagrams",
            "UdpOutDatagrams",
            "TcpActiveOpens",
            "TcpPassiveOpens",
            "TcpInSegs",
            "TcpOutSegs",
            "TcpRetransSegs",
            "TcpOutRsts");

    private final NetworkStack stack;
    private final IpAddress address;
    private final Peer peer;
    private final ServiceLoop services;
    private final PrintWriter out;
    private final List<Row> rows = new ArrayList<>();

    private record Row(String check, boolean holds, String figure) {}

    private Demo(NetworkStack stack, IpAddress address, Peer peer, PrintWriter out) throws IOException {
        this.stack = stack;
        this.address = address;
        this.peer = peer;
        this.out = out;
        this.services = new ServiceLoop(stack);
        Services.STANDARD.addTo(services, stack);
        services.start();
    }

    /** Checks {@code stack}, which has {@code address}, against the kernel, which has {@code kernel}. */
    public static Demo withKernel(NetworkStack stack, IpAddress address, IpAddress kernel, PrintWriter out)
            throws IOException {
        return new Demo(stack, address, new KernelPeer(kernel), out);
    }

    /** Checks {@code stack} against another one. Both are closed with the demo. */
    public static Demo withStack(
            NetworkStack stack, IpAddress address, NetworkStack other, IpAddress otherAddress, PrintWriter out)
            throws IOException {
        return new Demo(stack, address, new StackPeer(other, otherAddress), out);
    }

    /** Runs all checks and prints what came out; true if all hold. */
    public boolean run(long bytes) throws InterruptedException {
        Checks checks = new Checks(stack, address, peer, bytes, out);
        Duration bulk = PATIENCE.plusSeconds(bytes / SLOWEST_BYTES_PER_SECOND);
        check("the stack pings " + peer.name(), PATIENCE, checks::ping);
        check(peer.name() + " fetches a web page", PATIENCE, checks::web);
        check("UDP echo for " + peer.name(), PATIENCE, checks::datagrams);
        check(megabytes(bytes) + " to the stack", bulk, checks::toStack);
        check(megabytes(bytes) + " from the stack", bulk, checks::fromStack);
        check("1,000 connections at once", PATIENCE, checks::connections);
        printTable();
        printCounters();
        return rows.stream().allMatch(Row::holds);
    }

    @Override
    public void close() {
        services.close();
        stack.close();
        try {
            peer.close();
        } catch (IOException e) {
            throw new AssertionError("neither peer fails to close", e);
        }
    }

    /** In a thread of its own, so that a check that hangs fails and the others follow. */
    private void check(String name, Duration patience, Callable<String> check) throws InterruptedException {
        FutureTask<String> task = new FutureTask<>(check);
        Thread thread = new Thread(task, "towpath-check");
        thread.setDaemon(true);
        thread.start();
        try {
            rows.add(new Row(name, true, task.get(patience.toSeconds(), TimeUnit.SECONDS)));
        } catch (ExecutionException e) {
            rows.add(new Row(name, false, String.valueOf(e.getCause())));
        } catch (TimeoutException e) {
            task.cancel(true);
            rows.add(new Row(name, false, "not done after " + patience.toSeconds() + " s"));
        }
    }

    private void printTable() {
        int width = rows.stream().mapToInt(row -> row.check().length()).max().orElse(0);
        out.println();
        out.printf("  %-" + width + "s  %-6s  %s%n", "check", "result", "figure");
        for (Row row : rows) {
            out.printf("  %-" + width + "s  %-6s  %s%n", row.check(), row.holds() ? "ok" : "FAILED", row.figure());
        }
    }

    private void printCounters() {
        SortedMap<String, Long> counters = stack.counters();
        out.println();
        StringBuilder line = new StringBuilder();
        for (String name : MAIN_COUNTERS) {
            String counter = name + " " + counters.getOrDefault(name, 0L);
            if (line.length() + counter.length() > 90) {
                out.println("  " + line);
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : ", ").append(counter);
        }
        out.println("  " + line);
        List<String> drops = new ArrayList<>();
        counters.forEach((name, value) -> {
            if (name.startsWith("Drop.") && value > 0) {
                drops.add(name.substring("Drop.".length()) + " " + value);
            }
        });
        out.println("  dropped: " + (drops.isEmpty() ? "nothing" : String.join(", ", drops)));
    }

    private static String megabytes(long bytes) {
        return bytes % (1 << 20) == 0 ? (bytes >> 20) + " MiB" : bytes + " bytes";
    }
}
