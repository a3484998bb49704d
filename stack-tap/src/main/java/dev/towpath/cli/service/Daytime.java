package dev.towpath.cli.service;

import static dev.towpath.socket.SocketConstants.POLLIN;
import static dev.towpath.socket.SocketConstants.POLLOUT;

import dev.towpath.socket.TcpSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** Says the time in one line, then closes (RFC 867). */
final class Daytime implements TcpService.Session {
    private final TcpSocket connection;

    Daytime(TcpSocket connection) {
        this.connection = connection;
    }

    /** The line, in one of the forms that RFC 867 leaves open. */
    static ByteBuffer line() {
        String now = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)) + "\r\n";
        return ByteBuffer.wrap(now.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public int firstEvents() {
        return POLLOUT;
    }

    @Override
    public int ready(int events, ByteBuffer scratch) throws IOException {
        connection.send(line(), 0); // fits: nothing has been sent before
        if ((connection.readiness() & POLLIN) != 0) {
            connection.recv(scratch, 0); // closing with data unread would reset the connection and might lose the line
        }
        return CLOSE;
    }
}
