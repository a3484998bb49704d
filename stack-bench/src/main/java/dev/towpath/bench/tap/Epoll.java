package dev.towpath.bench.tap;

import static dev.towpath.bench.tap.KernelMemory.CALLS;

import java.io.IOException;
import java.nio.ByteBuffer;

/** epoll(7): which of many sockets are ready. Used by one thread. */
final class Epoll {
    /** There is something to read, a connection to accept, or the end. */
    static final int IN = 0x001;

    /** There is room to write, or the connection stands. */
    static final int OUT = 0x004;

    /** The connection has failed. */
    static final int ERROR = 0x008;

    private static final int ADD = 1;
    private static final int MODIFY = 3;
    private static final int MOST = 256;

    /** {@code struct epoll_event} is packed on x86-64 and aligned elsewhere. */
    private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");

    private static final int LENGTH = PACKED ? 12 : 16;
    private static final int DATA = PACKED ? 4 : 8;

    private final int descriptor;
    private final ByteBuffer events = KernelMemory.allocate(MOST * LENGTH);
    private final ByteBuffer event = KernelMemory.allocate(LENGTH);
    private final long eventsAt = KernelMemory.address(events);
    private final long eventAt = KernelMemory.address(event);

    Epoll() throws IOException {
        descriptor = CALLS.epollCreate1(0);
        if (descriptor < 0) {
            throw KernelSocket.failure("epoll_create1");
        }
    }

    /** Watches {@code socket} for {@code what}, and calls it {@code number}. */
    void add(KernelSocket socket, int what, int number) throws IOException {
        control(ADD, socket, what, number);
    }

    /** Watches it for something else. */
    void modify(KernelSocket socket, int what, int number) throws IOException {
        control(MODIFY, socket, what, number);
    }

    /** Waits, for ever if {@code timeoutMillis} is negative; returns how many are ready. */
    int await(int timeoutMillis) {
        return CALLS.epollWait(descriptor, eventsAt, MOST, timeoutMillis);
    }

    /** The number of the ready socket {@code index}. */
    int number(int index) {
        return events.getInt(index * LENGTH + DATA);
    }

    /** What it is ready for. */
    int what(int index) {
        return events.getInt(index * LENGTH);
    }

    private void control(int operation, KernelSocket socket, int what, int number) throws IOException {
        event.putInt(0, what).putInt(DATA, number);
        if (CALLS.epollCtl(descriptor, operation, socket.descriptor(), eventAt) < 0) {
            throw KernelSocket.failure("epoll_ctl");
        }
    }
}
