package dev.towpath.bench.connections;

import static dev.towpath.socket.SocketConstants.MSG_DONTWAIT;
import static dev.towpath.socket.SocketConstants.POLLIN;
import static dev.towpath.socket.SocketConstants.POLLOUT;

import dev.towpath.socket.Errno;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.InetSocket;
import dev.towpath.socket.Poller;
import dev.towpath.socket.TcpSocket;
import dev.towpath.stack.NetworkStack;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Some connections at full rate: one half of them carries data from the client, the other to it. One thread for each
 * host, which polls all of its sockets.
 */
final class Exchange {
    private static final int SENT_AT_ONCE = 64 << 10;
    private static final int RECEIVED_AT_ONCE = 256 << 10;
    private static final long LOOK_NANOS = 10_000_000;
    private static final double BITS_PER_NANO = 8.0;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private volatile boolean sending = true;
    private volatile boolean over;

    private Exchange() {}

    /**
     * What an exchange came to.
     *
     * @param gbps Gbit/s received, both directions together
     * @param timers timers armed at the end of that time
     */
    record Result(double gbps, int timers) {}

    /**
     * Lets {@code pairs} of {@code crowd} work for twice {@code nanos}, of which the second counts; all that was sent
     * has arrived when it returns.
     */
    static Result run(Crowd crowd, Crowd.Pairs pairs, long nanos) throws InterruptedException {
        Exchange exchange = new Exchange();
        CompletableFuture<Void> client = Crowd.start(() -> exchange.serve(crowd.clientStack(), pairs.clients, 0));
        CompletableFuture<Void> server = Crowd.start(() -> exchange.serve(crowd.serverStack(), pairs.servers, 1));
        Thread.sleep(nanos / NANOS_PER_MILLI); // windows and buffers grow, and code is compiled
        long before = exchange.received.get();
        long begin = System.nanoTime();
        Thread.sleep(nanos / NANOS_PER_MILLI);
        double gbps = (exchange.received.get() - before) * BITS_PER_NANO / (System.nanoTime() - begin);
        int timers = crowd.timers();
        exchange.sending = false;
        while (exchange.received.get() < exchange.sent.get() && !client.isDone() && !server.isDone()) {
            Thread.sleep(1);
        }
        exchange.over = true;
        client.join();
        server.join();
        return new Result(gbps, timers);
    }

    /** Every second socket, from {@code firstSender} on, sends, the others receive. */
    private void serve(NetworkStack stack, TcpSocket[] sockets, int firstSender) {
        ByteBuffer out = ByteBuffer.allocateDirect(SENT_AT_ONCE);
        ByteBuffer in = ByteBuffer.allocateDirect(RECEIVED_AT_ONCE);
        try (Poller poller = Poller.open(stack)) {
            for (int i = 0; i < sockets.length; i++) {
                poller.add(sockets[i], i % 2 == firstSender ? POLLOUT : POLLIN, null);
            }
            while (!over) {
                poller.poll(
                        (socket, ready, attachment) -> {
                            if ((ready & POLLIN) != 0) {
                                receive(socket, in);
                            } else {
                                send(poller, socket, out);
                            }
                        },
                        LOOK_NANOS);
            }
        } catch (ErrnoException e) {
            throw new CompletionException(e);
        }
    }

    private void receive(InetSocket socket, ByteBuffer in) {
        try {
            received.addAndGet(socket.recv(in.clear(), MSG_DONTWAIT));
        } catch (ErrnoException e) {
            throwUnlessFull(e);
        }
    }

    private void send(Poller poller, InetSocket socket, ByteBuffer out) {
        try {
            if (sending) {
                sent.addAndGet(socket.send(out.clear(), MSG_DONTWAIT));
            } else {
                poller.modify(socket, 0);
            }
        } catch (ErrnoException e) {
            throwUnlessFull(e);
        }
    }

    /** Since poll has found room, another connection may have taken the memory. */
    private static void throwUnlessFull(ErrnoException e) {
        if (e.errno() != Errno.EAGAIN) {
            throw new CompletionException(e);
        }
    }
}
