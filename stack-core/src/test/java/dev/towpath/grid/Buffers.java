package dev.towpath.grid;

import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.SockOpt;
import dev.towpath.socket.TcpSocket;

/** Send and receive buffers of a flow. */
enum Buffers {
    SMALL("64 KiB", 64 << 10),
    MEDIUM("1 MiB", 1 << 20),
    /** What a socket has that asks for nothing. */
    AUTOTUNED("autotuned", 0);

    private final String label;
    private final int bytes;

    Buffers(String label, int bytes) {
        this.label = label;
        this.bytes = bytes;
    }

    String label() {
        return label;
    }

    /** Bytes of each buffer, or 0 if the stack chooses. */
    int bytes() {
        return bytes;
    }

    /** Asks for them; to be called before the socket is connected, or listens. */
    void applyTo(TcpSocket socket) throws ErrnoException {
        if (bytes > 0) {
            socket.option(SockOpt.SO_SNDBUF, bytes);
            socket.option(SockOpt.SO_RCVBUF, bytes);
        }
    }
}
