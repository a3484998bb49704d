package dev.towpath.nio;

import dev.towpath.stack.NetworkStack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** A stack with loopback alone, and channels on it. */
final class OneStack implements AutoCloseable {
    /** Two channels that are connected with each other. */
    record Pair(TcpChannel near, TcpChannel far) {}

    final NetworkStack stack = NetworkStack.builder().name("nio").start();
    final TowpathSelectorProvider provider = new TowpathSelectorProvider(stack);

    ServerSocketChannel listening() throws IOException {
        return provider.openServerSocketChannel().bind(local(0));
    }

    TcpChannel opened() throws IOException {
        return (TcpChannel) provider.openSocketChannel();
    }

    TcpChannel nonBlocking() throws IOException {
        TcpChannel channel = opened();
        channel.configureBlocking(false);
        return channel;
    }

    Pair pair() throws IOException {
        try (ServerSocketChannel listening = listening()) {
            TcpChannel near = opened();
            near.connect(listening.getLocalAddress());
            return new Pair(near, (TcpChannel) listening.accept());
        }
    }

    /** A port on which nobody listens. */
    InetSocketAddress nobody() throws IOException {
        try (ServerSocketChannel listening = listening()) {
            return (InetSocketAddress) listening.getLocalAddress();
        }
    }

    static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** The local address of a channel that has one. */
    static SocketAddress address(NetworkChannel channel) throws IOException {
        return Objects.requireNonNull(channel.getLocalAddress());
    }

    /** A call in a thread of its own. */
    record Call<T>(Thread thread, CompletableFuture<T> result) {
        T get() throws Exception {
            return result.get();
        }

        /** What it has failed with. */
        Throwable failure() {
            return result.handle((value, failure) -> {
                        if (failure == null) {
                            throw new AssertionError("no failure, but " + value);
                        }
                        return failure;
                    })
                    .join();
        }
    }

    static <T> Call<T> start(Callable<T> body) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> run(body, result));
        thread.setDaemon(true);
        thread.start();
        return new Call<>(thread, result);
    }

    /** Starts it, and returns when it waits: it has got as far as it gets by itself. */
    static <T> Call<T> blocked(Callable<T> body) {
        Call<T> call = start(body);
        awaitSleep(call.thread());
        return call;
    }

    private static <T> void run(Callable<T> body, CompletableFuture<T> result) {
        try {
            result.complete(body.call());
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    static void awaitSleep(Thread thread) {
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            if (thread.getState() == Thread.State.TERMINATED) {
                throw new AssertionError("it did not wait");
            }
            Thread.onSpinWait();
        }
    }

    static ByteBuffer bytes(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length);
        for (int value : values) {
            buffer.put((byte) value);
        }
        return buffer.flip();
    }

    /** Reads until {@code into} is full. */
    static ByteBuffer fill(SocketChannel from, ByteBuffer into) throws IOException {
        while (into.hasRemaining() && from.read(into) >= 0) {}
        return into.flip();
    }

    @Override
    public void close() {
        stack.close();
    }
}
