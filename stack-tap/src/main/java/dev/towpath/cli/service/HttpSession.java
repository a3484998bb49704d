package dev.towpath.cli.service;

import static dev.towpath.socket.SocketConstants.MSG_MORE;
import static dev.towpath.socket.SocketConstants.POLLIN;
import static dev.towpath.socket.SocketConstants.POLLOUT;
import static dev.towpath.socket.SocketConstants.SHUT_WR;

import dev.towpath.socket.TcpSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * One connection of the web server: a request at a time is read and answered, the next only when the answer has gone.
 */
final class HttpSession implements TcpService.Session {
    /** Bytes read at once, and so the most that a client's pipelined requests occupy here. */
    private static final int CHUNK = 64 * 1024;

    /** Bytes that are still read and thrown away after a last answer. */
    private static final long PATIENCE = 1 << 20;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final TcpSocket connection;
    private final Function<HttpRequestReader, HttpResponse> responder;
    private final HttpRequestReader request = new HttpRequestReader();

    /** Received, but behind the request that is being answered. */
    private ByteBuffer unread = NOTHING;

    private ByteBuffer head = NOTHING;
    private final ByteBuffer body = HttpService.PATTERN.view();
    private long bodyOffset;
    private long bodyLength;
    private boolean last;
    private boolean draining;
    private long drained;

    HttpSession(TcpSocket connection, Function<HttpRequestReader, HttpResponse> responder) {
        this.connection = connection;
        this.responder = responder;
    }

    @Override
    public int firstEvents() {
        return POLLIN;
    }

    @Override
    public int ready(int events, ByteBuffer scratch) throws IOException {
        if (draining) {
            return drain(scratch);
        }
        if (!write()) {
            return POLLOUT;
        }
        ByteBuffer in = unread;
        if (!in.hasRemaining()) {
            if ((events & ~POLLOUT) == 0) {
                return POLLIN; // an answer has gone, nothing has come
            }
            if (connection.recv(scratch.limit(CHUNK), 0) == 0) {
                return CLOSE;
            }
            in = scratch.flip();
        }
        return answer(in);
    }

    private int answer(ByteBuffer in) throws IOException {
        while (in.hasRemaining() && !last) {
            try {
                if (request.read(in)) {
                    boolean keepAlive = request.keepAlive();
                    begin(responder.apply(request), !request.method().equals("HEAD"), keepAlive);
                    request.next();
                } else if (request.takeExpectation()) {
                    head = ByteBuffer.wrap(CONTINUE);
                }
            } catch (HttpError e) {
                begin(HttpResponse.error(e.status(), e.explanation()), true, false);
            }
            if (!write()) {
                keep(in);
                return POLLOUT;
            }
        }
        unread = NOTHING;
        return last ? finish() : POLLIN;
    }

    private void begin(HttpResponse response, boolean withBody, boolean keepAlive) {
        head = response.encode(withBody, keepAlive);
        bodyOffset = 0;
        bodyLength = withBody ? Math.max(0, response.patternLength()) : 0;
        last = !keepAlive;
    }

    /** Sends what the send buffer has room for; true if the answer has gone. */
    private boolean write() throws IOException {
        if (head.hasRemaining() && !NonBlocking.send(connection, head, bodyLength > 0 ? MSG_MORE : 0)) {
            return false;
        }
        while (bodyOffset < bodyLength) {
            ByteBuffer piece = HttpService.PATTERN.from(body, bodyOffset, bodyLength - bodyOffset);
            int before = piece.position();
            boolean all = NonBlocking.send(connection, piece, 0);
            bodyOffset += piece.position() - before;
            if (!all) {
                return false;
            }
        }
        return true;
    }

    private void keep(ByteBuffer in) {
        unread = ByteBuffer.allocate(in.remaining()).put(in).flip();
    }

    /**
     * Half-closes, and reads on for a while: closing with data unread would reset the connection, and the answer might
     * be lost.
     */
    private int finish() throws IOException {
        draining = true;
        connection.shutdown(SHUT_WR);
        return POLLIN;
    }

    private int drain(ByteBuffer scratch) throws IOException {
        int received = connection.recv(scratch, 0);
        drained += received;
        return received == 0 || drained > PATIENCE ? CLOSE : POLLIN;
    }
}
