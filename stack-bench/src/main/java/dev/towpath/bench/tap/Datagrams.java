package dev.towpath.bench.tap;

import static dev.towpath.bench.tap.KernelMemory.CALLS;

import java.nio.ByteBuffer;

/** Small datagrams of the kernel's, many with each call: {@code sendmmsg} and {@code recvmmsg}. */
final class Datagrams {
    /** Receive buffer of a socket for them. */
    static final int BUFFER = 4 << 20;

    /** Payload of a small datagram. */
    static final int SMALL = 64;

    /** The largest that is received whole. */
    static final int MOST = 2048;

    private static final int BATCH = 32;

    /** {@code struct mmsghdr} on 64-bit Linux: a msghdr of 56 bytes, and a length. */
    private static final int HEADER_LENGTH = 64;

    private static final int HEADER_VECTOR = 16;
    private static final int HEADER_VECTOR_COUNT = 24;
    private static final int VECTOR_LENGTH = 16;
    private static final int MSG_WAITFORONE = 0x10000;

    private final ByteBuffer headers;
    private final ByteBuffer vectors;
    private final ByteBuffer data;
    private final long at;
    private final int count;

    /** With each call as many as the kernel's clients send. */
    Datagrams(int length) {
        this(length, BATCH);
    }

    Datagrams(int length, int count) {
        this.count = count;
        headers = KernelMemory.allocate(count * HEADER_LENGTH);
        vectors = KernelMemory.allocate(count * VECTOR_LENGTH);
        at = KernelMemory.address(headers);
        data = KernelMemory.allocate(count * length);
        for (int i = 0; i < count; i++) {
            vectors.putLong(i * VECTOR_LENGTH, KernelMemory.address(data) + (long) i * length);
            vectors.putLong(i * VECTOR_LENGTH + 8, length);
            headers.putLong(
                    i * HEADER_LENGTH + HEADER_VECTOR, KernelMemory.address(vectors) + (long) i * VECTOR_LENGTH);
            headers.putLong(i * HEADER_LENGTH + HEADER_VECTOR_COUNT, 1);
        }
    }

    /** Datagrams with each call. */
    int count() {
        return count;
    }

    /** Sends a batch on a connected socket; returns how many went, or -1. */
    int send(KernelSocket socket) {
        return CALLS.sendmmsg(socket.descriptor(), at, count, 0);
    }

    /** Receives those that are there, at least one; returns how many, or -1. */
    int receive(KernelSocket socket) {
        return CALLS.recvmmsg(socket.descriptor(), at, count, MSG_WAITFORONE, 0);
    }

    /** Receives as long as the socket lives. */
    void discard(KernelSocket socket) {
        int count = 1;
        while (count > 0) {
            count = receive(socket);
        }
    }

    /** Keeps what the kernel reads reachable. */
    int capacity() {
        return data.capacity() + vectors.capacity();
    }
}
