package dev.towpath.bench.tap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connections that are set up, closed from this end, closed from the other, and done, so many at a time. */
final class Connections {
    private static final int MOST_LATENCIES = 1_000_000;
    private static final int MOST_ERRORS = 10;

    /** How long those under way have when the time is over. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final int TIMEOUT_MILLIS = 500;
    private static final double NANOS_PER_SECOND = 1e9;

    private final @Nullable KernelSocket[] sockets;
    private final long[] began;
    private final boolean[] closing;
    private final Epoll epoll = new Epoll();
    private final KernelSocket.Address server = new KernelSocket.Address(Ports.SERVER, Ports.ECHO);
    private final ByteBuffer scratch = KernelMemory.allocate(64);
    private final long scratchAt = KernelMemory.address(scratch);
    private final Latencies latencies = new Latencies(MOST_LATENCIES);
    private long done;
    private int errors;
    private int open;

    Connections(int atOnce) throws IOException {
        sockets = new KernelSocket[atOnce];
        began = new long[atOnce];
        closing = new boolean[atOnce];
    }

    Outcome run(long nanos) throws IOException {
        long begin = System.nanoTime();
        for (int i = 0; i < sockets.length; i++) {
            begin(i);
        }
        while (open > 0 && System.nanoTime() - begin < nanos + PATIENCE_NANOS) {
            int ready = epoll.await(TIMEOUT_MILLIS);
            for (int i = 0; i < ready; i++) {
                int index = epoll.number(i);
                if (advance(index, epoll.what(i)) && System.nanoTime() - begin < nanos) {
                    begin(index);
                }
            }
        }
        double seconds = (System.nanoTime() - begin) / NANOS_PER_SECOND;
        if (errors > 0 || open > 0) {
            return Outcome.failed(errors + " connections failed and " + open + " never ended, " + done + " were done");
        }
        return new Outcome(done / seconds, 0, null, latencies.micros(), null);
    }

    private void begin(int index) throws IOException {
        KernelSocket socket = KernelSocket.tcp(false);
        socket.connect(server);
        epoll.add(socket, Epoll.OUT, index);
        sockets[index] = socket;
        closing[index] = false;
        began[index] = System.nanoTime();
        open++;
    }

    /** True if the connection is done, and another one may have its place. */
    private boolean advance(int index, int what) throws IOException {
        KernelSocket socket = sockets[index];
        if (socket == null) {
            return false;
        }
        if ((what & Epoll.ERROR) != 0) {
            return end(index, socket, false);
        }
        if (!closing[index]) {
            socket.shutdownOutput();
            closing[index] = true;
            epoll.modify(socket, Epoll.IN, index);
            return false;
        }
        long count = socket.receive(scratchAt, scratch.capacity());
        if (count < 0 && KernelMemory.errno() == KernelSocket.EAGAIN) {
            return false;
        }
        return end(index, socket, count == 0);
    }

    private boolean end(int index, KernelSocket socket, boolean inOrder) {
        socket.close();
        sockets[index] = null;
        open--;
        if (inOrder) {
            done++;
            latencies.add(System.nanoTime() - began[index]);
        } else {
            errors++;
        }
        return errors < MOST_ERRORS;
    }
}
