package dev.towpath.cli.service;

import static dev.towpath.socket.SocketConstants.POLLOUT;

import dev.towpath.socket.TcpSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Sends characters without end, as fast as the peer takes them, and never reads (RFC 864). */
final class Chargen implements TcpService.Session {
    private static final int FIRST = ' ';
    private static final int PRINTABLE = 95;
    private static final int LINE = 72;

    /** Length of the pattern before it begins again: a line for each first character, with its line end. */
    private static final int PERIOD = PRINTABLE * (LINE + 2);

    private static final int MOST_IN_DATAGRAM = 512;

    private static final Pattern PATTERN = new Pattern(PERIOD, Chargen::character);

    private final TcpSocket connection;
    private final ByteBuffer view = PATTERN.view();
    private long offset;

    Chargen(TcpSocket connection) {
        this.connection = connection;
    }

    /** The UDP service: a random number of characters, from 0 to 512. */
    static UdpService datagrams() {
        SplittableRandom random = new SplittableRandom();
        ByteBuffer view = PATTERN.view();
        return datagram -> PATTERN.from(view, 0, random.nextInt(MOST_IN_DATAGRAM + 1));
    }

    @Override
    public int firstEvents() {
        return POLLOUT;
    }

    @Override
    public int ready(int events, ByteBuffer scratch) throws IOException {
        int before = PATTERN.from(view, offset, Long.MAX_VALUE).position();
        NonBlocking.send(connection, view, 0);
        offset += view.position() - before;
        return POLLOUT;
    }

    /** Each line begins one character further on than the line before. */
    private static int character(int offset) {
        int line = offset / (LINE + 2);
        int column = offset % (LINE + 2);
        return switch (column - LINE) {
            case 0 -> '\r';
            case 1 -> '\n';
            default -> FIRST + (line + column) % PRINTABLE;
        };
    }
}
