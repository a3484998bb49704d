package dev.towpath.bench.tap;

import static dev.towpath.bench.tap.KernelMemory.CALLS;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A socket of the kernel's, and no more of it than the measurements need. Calls that transfer data return what the
 * system call returns: a number of bytes, or -1 with {@link KernelMemory#errno}.
 */
final class KernelSocket implements Closeable {
    /** errno of a call that would block or has run into its time-out. */
    static final int EAGAIN = 11;

    private static final int EINPROGRESS = 115;

    private static final int AF_INET = 2;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_RCVBUF = 8;
    private static final int SO_LINGER = 13;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDTIMEO = 21;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final int TCP_CONGESTION = 13;
    private static final int SHUT_WR = 1;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int SOCKADDR_LENGTH = 16;
    private static final int BACKLOG = 1024;

    /** What the stack has too, or else what every kernel has. */
    private static final String[] CONGESTION = {"cubic", "reno"};

    /** Kept for ever, so that a call for each of many connections allocates none. */
    private static final ByteBuffer ONE = KernelMemory.allocate(Integer.BYTES).putInt(0, 1);

    private static final long ONE_ADDRESS = KernelMemory.address(ONE);

    private final int descriptor;

    private KernelSocket(int descriptor) {
        this.descriptor = descriptor;
    }

    /** A TCP socket that is not connected. */
    static KernelSocket tcp(boolean blocking) throws IOException {
        KernelSocket socket = open(SOCK_STREAM | (blocking ? 0 : SOCK_NONBLOCK));
        socket.set(IPPROTO_TCP, TCP_NODELAY);
        return socket;
    }

    /** A TCP socket that is connected. */
    static KernelSocket connected(String address, int port) throws IOException {
        KernelSocket socket = tcp(true);
        try {
            socket.congestion();
            socket.connect(new Address(address, port));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** A UDP socket. */
    static KernelSocket udp() throws IOException {
        return open(SOCK_DGRAM);
    }

    /** A TCP socket that listens on all addresses. */
    static KernelSocket listening(int port, boolean blocking) throws IOException {
        KernelSocket socket = tcp(blocking);
        socket.congestion();
        socket.bind(port);
        check(CALLS.listen(socket.descriptor, BACKLOG), "listen");
        return socket;
    }

    private static KernelSocket open(int type) throws IOException {
        return new KernelSocket(check(CALLS.socket(AF_INET, type, 0), "socket"));
    }

    int descriptor() {
        return descriptor;
    }

    /** Connects, or begins to where the socket does not block. */
    void connect(Address to) throws IOException {
        if (CALLS.connect(descriptor, to.at, SOCKADDR_LENGTH) < 0 && KernelMemory.errno() != EINPROGRESS) {
            throw failure("connect");
        }
    }

    void bind(int port) throws IOException {
        set(SOL_SOCKET, SO_REUSEADDR);
        check(CALLS.bind(descriptor, new Address("0.0.0.0", port).at, SOCKADDR_LENGTH), "bind to port " + port);
    }

    /** The next connection, or null if there is none yet and the socket does not block. */
    @Nullable
    KernelSocket accept(boolean blocking) throws IOException {
        int accepted = CALLS.accept4(descriptor, 0, 0, blocking ? 0 : SOCK_NONBLOCK);
        if (accepted < 0 && KernelMemory.errno() == EAGAIN) {
            return null;
        }
        KernelSocket socket = new KernelSocket(check(accepted, "accept"));
        socket.set(IPPROTO_TCP, TCP_NODELAY);
        return socket;
    }

    long send(long address, int length) {
        return CALLS.send(descriptor, address, length, MSG_NOSIGNAL);
    }

    long receive(long address, int length) {
        return CALLS.recv(descriptor, address, length, 0);
    }

    /** Receives {@code length} bytes. */
    void receiveAll(long address, int length) throws IOException {
        for (int got = 0; got < length; ) {
            long count = receive(address + got, length - got);
            if (count <= 0) {
                throw count == 0 ? new IOException("the peer has closed") : failure("recv");
            }
            got += (int) count;
        }
    }

    /** How long a call may block before it fails with {@link #EAGAIN}. */
    void timeouts(int seconds) throws IOException {
        ByteBuffer time = KernelMemory.allocate(16).putLong(0, seconds);
        check(CALLS.setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, KernelMemory.address(time), 16), "SO_SNDTIMEO");
        check(CALLS.setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, KernelMemory.address(time), 16), "SO_RCVTIMEO");
    }

    /** As large a receive buffer as the kernel allows, up to {@code bytes}. */
    void receiveBuffer(int bytes) throws IOException {
        ByteBuffer value = KernelMemory.allocate(Integer.BYTES).putInt(0, bytes);
        check(
                CALLS.setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, KernelMemory.address(value), Integer.BYTES),
                "SO_RCVBUF");
    }

    /** Its close resets the connection, whatever is still on its way. */
    void resetOnClose() throws IOException {
        ByteBuffer linger = KernelMemory.allocate(8).putInt(0, 1);
        check(CALLS.setsockopt(descriptor, SOL_SOCKET, SO_LINGER, KernelMemory.address(linger), 8), "SO_LINGER");
    }

    /** Sends FIN. */
    void shutdownOutput() {
        CALLS.shutdown(descriptor, SHUT_WR);
    }

    @Override
    public void close() {
        CALLS.close(descriptor);
    }

    /** An exception for the call that failed last on this thread. */
    static IOException failure(String call) {
        return new IOException(call + ": errno " + KernelMemory.errno());
    }

    private void congestion() throws IOException {
        for (String name : CONGESTION) {
            byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
            ByteBuffer value = KernelMemory.allocate(ascii.length).put(0, ascii);
            if (CALLS.setsockopt(descriptor, IPPROTO_TCP, TCP_CONGESTION, KernelMemory.address(value), ascii.length)
                    == 0) {
                return;
            }
        }
        throw failure("TCP_CONGESTION");
    }

    private void set(int level, int option) throws IOException {
        check(CALLS.setsockopt(descriptor, level, option, ONE_ADDRESS, Integer.BYTES), "socket option " + option);
    }

    private static int check(int result, String call) throws IOException {
        if (result < 0) {
            throw failure(call);
        }
        return result;
    }

    /** A {@code struct sockaddr_in}. */
    static final class Address {
        private final ByteBuffer memory = KernelMemory.allocate(SOCKADDR_LENGTH);
        private final long at = KernelMemory.address(memory);

        Address(String address, int port) {
            memory.putShort(0, (short) AF_INET);
            memory.order(ByteOrder.BIG_ENDIAN).putShort(2, (short) port);
            String[] parts = address.split("\\.", -1);
            for (int i = 0; i < parts.length; i++) {
                memory.put(4 + i, (byte) Integer.parseInt(parts[i]));
            }
        }
    }
}
