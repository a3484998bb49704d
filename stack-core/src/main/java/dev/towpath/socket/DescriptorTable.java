package dev.towpath.socket;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Which socket a descriptor is. The lowest free number is given out, as POSIX asks; looking one up takes no lock. */
final class DescriptorTable {
    private static final int FIRST_SIZE = 64;

    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final BitSet used = new BitSet();
    private volatile AtomicReferenceArray<@Nullable InetSocket> sockets;

    DescriptorTable(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a table holds at least 1 descriptor, not " + limit);
        }
        this.limit = limit;
        this.sockets = new AtomicReferenceArray<>(Math.min(limit, FIRST_SIZE));
    }

    /** A descriptor for {@code socket}, or -1 if the table is full. */
    int add(InetSocket socket) {
        lock.lock();
        try {
            int fd = used.nextClearBit(0);
            if (fd >= limit) {
                return -1;
            }
            if (fd >= sockets.length()) {
                grow();
            }
            used.set(fd);
            sockets.set(fd, socket);
            return fd;
        } finally {
            lock.unlock();
        }
    }

    /** True if {@link #add} would find no room. */
    boolean full() {
        lock.lock();
        try {
            return used.nextClearBit(0) >= limit;
        } finally {
            lock.unlock();
        }
    }

    /** The socket that {@code fd} is, or null. */
    @Nullable
    InetSocket find(int fd) {
        AtomicReferenceArray<@Nullable InetSocket> now = sockets;
        return fd >= 0 && fd < now.length() ? now.get(fd) : null;
    }

    /** Frees {@code fd}; the socket that it was, or null. */
    @Nullable
    InetSocket remove(int fd) {
        lock.lock();
        try {
            InetSocket socket = find(fd);
            if (socket != null) {
                sockets.set(fd, null);
                used.clear(fd);
            }
            return socket;
        } finally {
            lock.unlock();
        }
    }

    /** Frees all; the sockets that there were. */
    List<InetSocket> removeAll() {
        List<InetSocket> all = new ArrayList<>();
        lock.lock();
        try {
            for (int fd = used.nextSetBit(0); fd >= 0; fd = used.nextSetBit(fd + 1)) {
                InetSocket socket = remove(fd);
                if (socket != null) {
                    all.add(socket);
                }
            }
        } finally {
            lock.unlock();
        }
        return all;
    }

    private void grow() {
        AtomicReferenceArray<@Nullable InetSocket> larger =
                new AtomicReferenceArray<>(Math.min(limit, 2 * sockets.length()));
        for (int fd = 0; fd < sockets.length(); fd++) {
            larger.set(fd, sockets.get(fd));
        }
        sockets = larger;
    }
}
