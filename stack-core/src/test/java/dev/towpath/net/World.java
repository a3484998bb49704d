package dev.towpath.net;

import dev.towpath.stack.NetworkStack;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.DatagramSocketImpl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** Where the sockets of a test come from: the kernel's tell what is expected of ours. */
enum World {
    KERNEL {
        @Override
        Host open() {
            return new Host(SocketFactory.getDefault(), ServerSocketFactory.getDefault(), null);
        }
    },
    TOWPATH {
        @Override
        Host open() {
            NetworkStack stack = NetworkStack.builder().name("net").start();
            return new Host(new TowpathSocketFactory(stack), new TowpathServerSocketFactory(stack), stack);
        }
    };

    abstract Host open();

    /** A host of its own, with 127.0.0.1. */
    record Host(
            SocketFactory sockets,
            ServerSocketFactory servers,
            @Nullable NetworkStack stack) implements AutoCloseable {
        /** A connected pair. */
        record Pair(Socket client, Socket server) implements AutoCloseable {
            @Override
            public void close() throws IOException {
                client.close();
                server.close();
            }
        }

        Socket socket() throws IOException {
            return sockets.createSocket();
        }

        ServerSocket listener() throws IOException {
            return servers.createServerSocket(0, 50, loopback());
        }

        Pair pair() throws IOException {
            try (ServerSocket listener = listener()) {
                Socket client = sockets.createSocket(loopback(), listener.getLocalPort());
                return new Pair(client, listener.accept());
            }
        }

        DatagramSocket datagrams() throws IOException {
            return datagrams(new InetSocketAddress(loopback(), 0));
        }

        DatagramSocket datagrams(InetSocketAddress local) throws IOException {
            if (stack == null) {
                return new DatagramSocket(local);
            }
            DatagramSocket socket = new OnStack(new TowpathDatagramSocketImplFactory(stack).createDatagramSocketImpl());
            socket.bind(local);
            return socket;
        }

        /** A port of loopback on which nobody listens. */
        InetSocketAddress nobody() throws IOException {
            try (ServerSocket listener = listener()) {
                return new InetSocketAddress(loopback(), listener.getLocalPort());
            }
        }

        static InetAddress loopback() throws IOException {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        }

        @Override
        public void close() {
            if (stack != null) {
                stack.close();
            }
        }
    }

    private static final class OnStack extends DatagramSocket {
        OnStack(DatagramSocketImpl impl) {
            super(impl);
        }
    }

    /** Waits for what other threads or the peer will bring about. */
    static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it has not come about within 20 s");
            }
            LockSupport.parkNanos(100_000);
        }
    }

    /** Waits until {@code thread} is in a call that waits. */
    static void awaitBlocked(Thread thread) throws InterruptedException {
        await(() -> {
            StackTraceElement[] stack = thread.getStackTrace();
            return stack.length > 0 && stack[0].isNativeMethod();
        });
    }
}
