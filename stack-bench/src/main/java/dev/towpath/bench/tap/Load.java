package dev.towpath.bench.tap;

import com.google.gson.Gson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The client, on the kernel's sockets: a process that lives in the client's namespace, reads commands from its input,
 * and answers each with a line of JSON. It stays, so that it is warm when it counts.
 */
final class Load {
    /** Bytes with each call in bulk. */
    static final int CHUNK = 256 * 1024;

    /** The first half second of a stream is slow start and does not count. */
    private static final long LEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final int STREAMS = 64;
    private static final int WARM_UP_REQUESTS = 500;
    private static final int MOST_REQUESTS = 4_000_000;
    private static final int AT_ONCE = 16;
    private static final int PATIENCE_SECONDS = 20;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double BITS_PER_BYTE = 8;

    private Load() {}

    /** Reads "WORK SECONDS", "await" or "counters" until the end of its input. */
    public static void main(String[] arguments) throws IOException {
        Gson gson = new Gson();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ", -1);
            System.out.println(
                    switch (words[0]) {
                        case "await" -> gson.toJson(await());
                        case "counters" -> gson.toJson(counters());
                        default -> gson.toJson(tryOut(Work.of(words[0]), Double.parseDouble(words[1])));
                    });
        }
    }

    private static Outcome tryOut(Work work, double seconds) {
        try {
            long nanos = (long) (seconds * NANOS_PER_SECOND);
            return switch (work) {
                case IN -> bulk(1, nanos, true);
                case OUT -> bulk(1, nanos, false);
                case STREAMS_IN -> bulk(STREAMS, nanos, true);
                case STREAMS_OUT -> bulk(STREAMS, nanos, false);
                case REQUESTS -> requests(nanos);
                case CONNECTIONS -> new Connections(AT_ONCE).run(nanos);
                case DATAGRAMS_IN -> datagrams(nanos);
            };
        } catch (IOException e) {
            return Outcome.failed(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcome.failed("interrupted");
        }
    }

    /** Returns once the system answers. */
    private static Outcome await() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try (KernelSocket probe = KernelSocket.connected(Ports.SERVER, Ports.ECHO)) {
                probe.resetOnClose();
                return Outcome.rate(1, 0);
            } catch (IOException e) {
                if (System.nanoTime() - deadline > 0) {
                    return Outcome.failed("no echo service at " + Ports.SERVER + ": " + e.getMessage());
                }
                LockSupport.parkNanos(LEAD_NANOS / 10);
            }
        }
    }

    /** The stack's own counters, from its web page. */
    private static Map<String, Long> counters() throws IOException {
        URI page = URI.create("http://" + Ports.SERVER + ":" + Ports.HTTP + "/counters");
        HttpURLConnection connection = (HttpURLConnection) page.toURL().openConnection();
        try (var body = connection.getInputStream()) {
            Map<String, Long> counters = new TreeMap<>();
            new String(body.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                String[] words = line.split(" ", -1);
                counters.put(words[0], Long.parseLong(words[1]));
            });
            return counters;
        }
    }

    private static Outcome bulk(int streams, long nanos, boolean sending) throws IOException, InterruptedException {
        List<Stream> all = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            all.add(new Stream(sending, nanos));
        }
        List<Thread> threads = all.stream().map(Thread::new).toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        double sum = 0;
        double slowest = Double.MAX_VALUE;
        long bytes = 0;
        for (Stream stream : all) {
            if (stream.failure != null) {
                return Outcome.failed(stream.failure);
            }
            sum += stream.gigabitsPerSecond();
            slowest = Math.min(slowest, stream.gigabitsPerSecond());
            bytes += stream.bytes;
        }
        return new Outcome(sum, bytes, streams == 1 ? null : slowest, null, null);
    }

    private static Outcome requests(long nanos) throws IOException {
        ByteBuffer one = KernelMemory.allocate(1);
        long at = KernelMemory.address(one);
        Latencies latencies = new Latencies(MOST_REQUESTS);
        try (KernelSocket socket = KernelSocket.connected(Ports.SERVER, Ports.ECHO)) {
            for (int i = 0; i < WARM_UP_REQUESTS; i++) {
                socket.send(at, 1);
                socket.receiveAll(at, 1);
            }
            long begin = System.nanoTime();
            long last = begin;
            int count = 0;
            while (last - begin < nanos) {
                socket.send(at, 1);
                socket.receiveAll(at, 1);
                long now = System.nanoTime();
                latencies.add(now - last);
                last = now;
                count++;
            }
            double rate = count * NANOS_PER_SECOND / (last - begin);
            return new Outcome(rate, 2L * count * one.capacity(), null, latencies.micros(), null);
        }
    }

    /** How many arrive, who has sent them can't tell. */
    private static Outcome datagrams(long nanos) throws IOException {
        Datagrams batch = new Datagrams(Datagrams.SMALL);
        try (KernelSocket socket = KernelSocket.udp()) {
            socket.connect(new KernelSocket.Address(Ports.SERVER, Ports.DISCARD));
            long begin = System.nanoTime();
            long sent = 0;
            while (System.nanoTime() - begin < nanos) {
                sent += Math.max(batch.send(socket), 0);
            }
            return Outcome.rate(sent * NANOS_PER_SECOND / (System.nanoTime() - begin), sent * Datagrams.SMALL);
        }
    }

    /** One connection that moves bytes as fast as it can. */
    private static final class Stream implements Runnable {
        private final boolean sending;
        private final long nanos;
        private final KernelSocket socket;
        private long bytes;
        private long bytesBefore;
        private long measuredNanos;
        private @Nullable String failure;

        Stream(boolean sending, long nanos) throws IOException {
            this.sending = sending;
            this.nanos = nanos;
            socket = KernelSocket.connected(Ports.SERVER, sending ? Ports.DISCARD : Ports.SOURCE);
            socket.timeouts(1);
            socket.resetOnClose();
        }

        @Override
        public void run() {
            ByteBuffer buffer = KernelMemory.allocate(CHUNK);
            long at = KernelMemory.address(buffer);
            long begin = System.nanoTime();
            long from = 0;
            long now = begin;
            try (socket) {
                if (!sending) {
                    socket.send(at, 1); // a TCP that is no TCP may need this to begin
                }
                while (now - begin < nanos) {
                    long count = sending ? socket.send(at, buffer.capacity()) : socket.receive(at, buffer.capacity());
                    if (count == 0 || (count < 0 && KernelMemory.errno() != KernelSocket.EAGAIN)) {
                        failure = count == 0 ? "the peer has closed" : "errno " + KernelMemory.errno();
                        return;
                    }
                    bytes += Math.max(count, 0);
                    now = System.nanoTime();
                    if (from == 0 && now - begin > Math.min(LEAD_NANOS, nanos / 2)) {
                        from = now;
                        bytesBefore = bytes;
                    }
                }
                measuredNanos = now - from;
            }
        }

        double gigabitsPerSecond() {
            return measuredNanos == 0 ? 0 : (bytes - bytesBefore) * BITS_PER_BYTE / measuredNanos;
        }
    }
}
