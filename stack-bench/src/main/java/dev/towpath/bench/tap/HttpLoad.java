package dev.towpath.bench.tap;

import com.google.gson.Gson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The client of HTTP servers, on the kernel's sockets: a process that lives in the client's namespace, reads commands
 * from its input, and answers each with a line of JSON. It stays, so that it is warm when it counts.
 */
final class HttpLoad {
    private static final int PATIENCE_SECONDS = 20;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double BITS_PER_BYTE = 8;
    private static final InetSocketAddress SERVER = new InetSocketAddress(Ports.SERVER, Ports.HTTP);

    private HttpLoad() {}

    /** Reads "WORK SECONDS" or "await" until the end of its input. */
    public static void main(String[] arguments) throws IOException {
        Gson gson = new Gson();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ", -1);
            Outcome outcome = words[0].equals("await")
                    ? await()
                    : tryOut(HttpWork.valueOf(words[0]), (long) (Double.parseDouble(words[1]) * NANOS_PER_SECOND));
            System.out.println(gson.toJson(outcome));
        }
    }

    private static Outcome tryOut(HttpWork work, long nanos) {
        try {
            return switch (work) {
                case REQUESTS_16, REQUESTS_64 -> new HttpRequests(SERVER, Integer.parseInt(work.word())).run(nanos);
                case DOWNLOAD -> download();
            };
        } catch (IOException e) {
            return Outcome.failed(String.valueOf(e.getMessage()));
        }
    }

    /** Returns once the server answers. */
    private static Outcome await() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try (SocketChannel probe = SocketChannel.open(SERVER)) {
                return Outcome.rate(probe.isConnected() ? 1 : 0, 0);
            } catch (IOException e) {
                if (System.nanoTime() - deadline > 0) {
                    return Outcome.failed("no HTTP server at " + SERVER + ": " + e.getMessage());
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static Outcome download() throws IOException {
        try (SocketChannel channel = SocketChannel.open(SERVER)) {
            HttpAnswer answer = new HttpAnswer(Load.CHUNK);
            ByteBuffer request = HttpAnswer.request("/bytes/" + HttpWork.LARGE);
            long begin = System.nanoTime();
            while (request.hasRemaining()) {
                channel.write(request);
            }
            while (!answer.isComplete()) {
                answer.readFrom(channel);
            }
            long nanos = System.nanoTime() - begin;
            if (answer.length() < HttpWork.LARGE) {
                return Outcome.failed("a gigabyte was asked for, " + answer.length() + " bytes came");
            }
            return Outcome.rate(HttpWork.LARGE * BITS_PER_BYTE / nanos, HttpWork.LARGE);
        }
    }
}
