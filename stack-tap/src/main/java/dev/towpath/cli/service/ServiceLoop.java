package dev.towpath.cli.service;

import static dev.towpath.socket.SocketConstants.POLLIN;

import dev.towpath.socket.Errno;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.InetSocket;
import dev.towpath.socket.MsgHdr;
import dev.towpath.socket.Poller;
import dev.towpath.socket.SockAddr;
import dev.towpath.socket.SockOpt;
import dev.towpath.socket.SocketConstants;
import dev.towpath.socket.TcpSocket;
import dev.towpath.socket.UdpSocket;
import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.IpAddress;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs services on one thread: it polls, and calls the service of whatever is ready. One thread is enough and fastest,
 * since a stack works under one lock, and a thread that polls drives the stack itself, without a hand-over.
 *
 * <p>Call {@link #tcp} and {@link #udp}, then {@link #start}, in the end {@link #close}, before the stack's.
 */
public final class ServiceLoop implements Closeable {
    /** Bytes that a session moves at once. */
    public static final int SCRATCH = 256 * 1024;

    private static final int BACKLOG = 4096;

    /** Connections of one listener before the others have their turn. */
    private static final int BATCH = 64;

    /** Datagrams of one socket before the others have their turn. */
    private static final int DATAGRAMS = 32;

    private static final int LARGEST_DATAGRAM = 65_536;

    /**
     * Ports of services that answer anything. An answer to those would be answered, and so on for ever (RFC 864's old
     * trouble).
     */
    private static final Set<Integer> ANSWERING_PORTS = Set.of(7, 13, 17, 19, 37);

    private static final System.Logger LOG = System.getLogger(ServiceLoop.class.getName());

    private final NetworkStack stack;
    private final Poller poller;
    private final Thread thread;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH);
    private final MsgHdr[] datagrams = MsgHdr.batch(DATAGRAMS, LARGEST_DATAGRAM);
    private volatile boolean closing;
    private volatile @Nullable IOException failure;

    /** What happens when a socket is ready. */
    @FunctionalInterface
    private interface Activity {
        void ready(int events) throws IOException;
    }

    /** A loop without services. */
    public ServiceLoop(NetworkStack stack) throws ErrnoException {
        this.stack = stack;
        this.poller = Poller.open(stack);
        this.thread = new Thread(this::run, "towpath-services");
        thread.setDaemon(true);
    }

    /** Offers {@code service} on a TCP port of all the stack's addresses. */
    public void tcp(int port, TcpService service) throws ErrnoException {
        TcpSocket listener = TcpSocket.open(stack);
        listener.option(SockOpt.SO_REUSEADDR, true);
        listener.bind(IpAddress.ANY_V4, port);
        listener.listen(BACKLOG);
        watch(listener, POLLIN, events -> accept(listener, service));
    }

    /** Offers {@code service} on a UDP port of all the stack's addresses. */
    public void udp(int port, UdpService service) throws ErrnoException {
        UdpSocket socket = UdpSocket.open(stack);
        socket.bind(IpAddress.ANY_V4, port);
        watch(socket, POLLIN, events -> answer(socket, service));
    }

    /** Begins to serve. */
    public void start() {
        thread.start();
    }

    /** Waits until the loop ends: after {@link #close}, or because the stack has failed, which is the exception. */
    public void join() throws InterruptedException, IOException {
        thread.join();
        IOException why = failure;
        if (why != null) {
            throw why;
        }
    }

    /** Ends the thread. The stack's close resets what connections are left. */
    @Override
    public void close() {
        closing = true;
        poller.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        poller.close();
    }

    private void run() {
        while (!closing) {
            try {
                poller.poll(this::handle, -1);
            } catch (ErrnoException | RuntimeException | Error e) {
                if (!closing) {
                    failure = new IOException("the services have ended: " + e, e);
                }
                return;
            }
        }
    }

    private void handle(InetSocket socket, int events, @Nullable Object attachment) {
        try {
            if (attachment instanceof Activity activity) {
                activity.ready(events);
            }
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EAGAIN) { // else there was nothing after all: wait on
                closeQuietly(socket); // a peer that resets or vanishes is nothing special
            }
        } catch (IOException e) {
            closeQuietly(socket);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a service failed; its connection is closed", e);
            closeQuietly(socket);
        }
    }

    private void accept(TcpSocket listener, TcpService service) throws ErrnoException {
        for (int i = 0; i < BATCH && (listener.readiness() & POLLIN) != 0; i++) {
            try {
                TcpSocket connection = listener.accept();
                new Conversation(connection, service.open(connection)).begin();
            } catch (ErrnoException e) {
                if (e.errno() == Errno.EBADF || e.errno() == Errno.ENETDOWN) {
                    throw e;
                }
                return; // that connection is gone again, or memory is short: the listener lives on
            }
        }
    }

    private void answer(UdpSocket socket, UdpService service) throws ErrnoException {
        for (MsgHdr each : datagrams) {
            each.data.clear();
        }
        int count = socket.recvMmsg(datagrams, SocketConstants.MSG_DONTWAIT);
        for (int i = 0; i < count; i++) {
            SockAddr from = datagrams[i].address;
            ByteBuffer reply = service.answer(datagrams[i].data.flip());
            if (reply != null && !ANSWERING_PORTS.contains(from.port())) {
                reply(socket, reply, from);
            }
        }
    }

    private static void reply(UdpSocket socket, ByteBuffer reply, SockAddr to) throws ErrnoException {
        try {
            socket.sendTo(reply, SocketConstants.MSG_DONTWAIT, to.address(), to.port());
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EBADF || e.errno() == Errno.ENETDOWN) {
                throw e;
            }
            // else this answer is lost, as datagrams may be
        }
    }

    private void watch(InetSocket socket, int events, Activity activity) throws ErrnoException {
        socket.nonBlocking(true);
        poller.add(socket, events, activity);
    }

    private static void closeQuietly(InetSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "close", e);
        }
    }

    /** A connection and its session, and what the poller waits for. */
    private final class Conversation implements Activity {
        private final TcpSocket connection;
        private final TcpService.Session session;
        private int waitingFor;

        Conversation(TcpSocket connection, TcpService.Session session) {
            this.connection = connection;
            this.session = session;
        }

        void begin() throws ErrnoException {
            waitingFor = session.firstEvents();
            watch(connection, waitingFor, this);
        }

        @Override
        public void ready(int events) throws IOException {
            scratch.clear();
            int next = session.ready(events, scratch);
            if (next == TcpService.Session.CLOSE) {
                connection.close();
            } else if (next != waitingFor) {
                waitingFor = next;
                poller.modify(connection, next);
            }
        }
    }
}
