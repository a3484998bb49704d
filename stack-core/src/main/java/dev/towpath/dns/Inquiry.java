package dev.towpath.dns;

import static dev.towpath.socket.SocketConstants.MSG_WAITALL;

import dev.towpath.socket.Errno;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.InetSocket;
import dev.towpath.socket.SockOpt;
import dev.towpath.socket.TcpSocket;
import dev.towpath.socket.UdpSocket;
import dev.towpath.stack.NetworkStack;
import dev.towpath.time.Clock;
import dev.towpath.wire.Endpoint;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * One question to one server: by UDP, and by TCP if the answer was truncated. What does not answer the question is
 * ignored, and the wait for the true answer goes on (RFC 5452 section 9.1).
 *
 * <pre>
 *   ask --- UDP ---+-- truncated ------------ TCP --> response
 *           ^      |                           ^
 *           |      +-- question in other case -+
 *           '------+-- EDNS not understood
 * </pre>
 */
final class Inquiry {
    /** A datagram of more than we have said to accept is not an answer to our question. */
    private static final int MOST_BYTES = 4096;

    private final NetworkStack stack;
    private final Clock clock;
    private final LongSupplier random;
    private final Counts.Counting counts;
    private final Endpoint server;
    private final long timeoutNanos;

    Inquiry(
            NetworkStack stack,
            Clock clock,
            LongSupplier random,
            Counts.Counting counts,
            Endpoint server,
            long timeoutNanos) {
        this.stack = stack;
        this.clock = clock;
        this.random = random;
        this.counts = counts;
        this.server = server;
        this.timeoutNanos = timeoutNanos;
    }

    /**
     * The server's response, which says that it has found out: NOERROR or NXDOMAIN.
     *
     * @throws ServerFailure if another server may do better
     * @throws ErrnoException EINTR
     */
    DnsMessage ask(Question question) throws ServerFailure, ErrnoException {
        try {
            boolean edns = true;
            DnsMessage response = overUdp(question, edns);
            if (lacksEdns(response)) { // RFC 6891 section 7
                edns = false;
                response = overUdp(question, edns);
            }
            if (response.truncated()) {
                response = overTcp(question, edns);
            }
            return usable(response);
        } catch (ErrnoException e) {
            throw failure(e);
        }
    }

    private static boolean lacksEdns(DnsMessage response) {
        int rcode = response.rcode();
        return rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP || rcode == Rcode.BADVERS;
    }

    private static DnsMessage usable(DnsMessage response) throws ServerFailure {
        if (response.rcode() != Rcode.NOERROR && response.rcode() != Rcode.NXDOMAIN) {
            throw new ServerFailure(Rcode.text(response.rcode()), null);
        }
        boolean says = !response.answers().isEmpty() || response.rcode() == Rcode.NXDOMAIN;
        if (!says && !response.recursive() && !response.authoritative()) {
            throw new ServerFailure("it does not ask others on our behalf (no recursion)", null);
        }
        return response;
    }

    private static ServerFailure failure(ErrnoException e) throws ErrnoException {
        String why = switch (e.errno()) {
            case EINTR, ENETDOWN -> throw e;
            case EAGAIN, EINPROGRESS, ETIMEDOUT -> "no answer in time";
            case ECONNREFUSED -> "nobody listens there";
            default -> e.errno() + ", " + e.errno().meaning();
        };
        return new ServerFailure(why, e);
    }

    /** Each question has a socket of its own, and with it a port by chance (RFC 5452 section 9.2). */
    private DnsMessage overUdp(Question question, boolean withEdns) throws ErrnoException {
        long deadline = clock.nanoTime() + timeoutNanos;
        Question mixed = new Question(question.name().inRandomCase(random), question.type());
        int id = (int) random.getAsLong() & 0xffff;
        counts.sent.increment();
        try (UdpSocket socket = UdpSocket.open(stack)) {
            socket.connect(server.address(), server.port());
            int ignored = socket.send(mixed.query(id, withEdns), 0);
            ByteBuffer datagram = ByteBuffer.allocate(MOST_BYTES);
            while (true) {
                waitUntil(socket, deadline);
                int length = socket.recv(datagram.clear(), 0);
                DnsMessage response = length > 0 ? DnsMessage.parse(datagram.flip()) : null;
                if (response != null && belongs(response, id, mixed)) {
                    Question echoed = response.question();
                    return echoed == null || echoed.name().identical(mixed.name()) ? response : truncated(response);
                }
                counts.ignored.increment();
            }
        }
    }

    /** RFC 5452 section 9.1. A server that understands nothing may not even repeat the question. */
    private static boolean belongs(DnsMessage response, int id, Question asked) {
        Question question = response.question();
        return response.id() == id && (question == null ? response.rcode() == Rcode.FORMERR : question.equals(asked));
    }

    /** A server that changes the case of names, or a forgery: TCP will tell, for it can't be forged from afar. */
    private static DnsMessage truncated(DnsMessage response) {
        return new DnsMessage(
                response.id(),
                true,
                response.recursive(),
                response.authoritative(),
                response.rcode(),
                response.question(),
                response.answers(),
                response.negativeTtlSeconds());
    }

    /** RFC 7766: the length in two bytes, then the message, and both in one segment (section 8). */
    private DnsMessage overTcp(Question question, boolean withEdns) throws ErrnoException, ServerFailure {
        long deadline = clock.nanoTime() + timeoutNanos;
        int id = (int) random.getAsLong() & 0xffff;
        counts.overTcp.increment();
        try (TcpSocket socket = TcpSocket.open(stack)) {
            socket.option(SockOpt.SO_SNDTIMEO, Duration.ofNanos(timeoutNanos));
            socket.connect(server.address(), server.port());
            ByteBuffer query = question.query(id, withEdns);
            ByteBuffer framed = ByteBuffer.allocate(Short.BYTES + query.remaining());
            framed.putShort((short) query.remaining()).put(query).flip();
            int ignored = socket.send(framed, 0);
            while (true) {
                int length = receive(socket, ByteBuffer.allocate(Short.BYTES), deadline)
                                .getShort()
                        & 0xffff;
                DnsMessage response = DnsMessage.parse(receive(socket, ByteBuffer.allocate(length), deadline));
                if (response != null && belongs(response, id, question) && !response.truncated()) {
                    return response;
                }
                counts.ignored.increment();
            }
        }
    }

    private ByteBuffer receive(TcpSocket socket, ByteBuffer into, long deadline) throws ErrnoException, ServerFailure {
        while (into.hasRemaining()) {
            waitUntil(socket, deadline);
            if (socket.recv(into, MSG_WAITALL) == 0) {
                throw new ServerFailure("it closed the connection without an answer", null);
            }
        }
        return into.flip();
    }

    /** The next call waits no longer than until then; the stack's own time-out, so that virtual time will do. */
    private void waitUntil(InetSocket socket, long deadline) throws ErrnoException {
        long left = deadline - clock.nanoTime();
        if (left <= 0) {
            throw new ErrnoException(Errno.EAGAIN, "recv", server.toString(), null);
        }
        socket.option(SockOpt.SO_RCVTIMEO, Duration.ofNanos(left));
    }
}
