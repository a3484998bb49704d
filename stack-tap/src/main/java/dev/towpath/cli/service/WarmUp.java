package dev.towpath.cli.service;

import dev.towpath.link.MemoryLink;
import dev.towpath.link.MemoryWire;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.TcpSocket;
import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.IpAddress;
import java.lang.System.Logger.Level;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/**
 * Has the JVM compile the services and the stack beneath them before somebody waits for it: the first connections of a
 * JVM are served by an interpreter, and on one core the compiler takes the time of a hundred thousand echoes. Runs the
 * same services on a second stack, on a wire in memory, with a client of its own; stops when the compiler has no more to
 * do, when its time is over, or as soon as the first stack has real traffic, which is in need of the processor and warms
 * just as well.
 */
public final class WarmUp implements Runnable {
    private static final System.Logger LOG = System.getLogger(WarmUp.class.getName());
    private static final String SERVER = "192.0.2.2";
    private static final String CLIENT = "192.0.2.1";

    /** How long one kind of traffic runs before the next has its turn: all must be warm when the time is over. */
    private static final long TURN_NANOS = 15_000_000;

    /** The compiler has no more to do when it has worked less than this in so many rounds one after the other. */
    private static final long QUIET_MILLIS = 2;

    private static final int QUIET_ROUNDS = 8;

    /** The processor for the compiler alone, once a round. */
    private static final long PAUSE_MILLIS = 60;

    /** Frames in one round that somebody real has sent. */
    private static final long REAL_TRAFFIC = 64;

    private static final int ECHO = 7;
    private static final int DISCARD = 9;
    private static final int CHARGEN = 19;
    private static final int CONNECTIONS_AT_ONCE = 16;

    private final long nanos;
    private final boolean offload;
    private final LongSupplier realFrames;
    private final ByteBuffer data = ByteBuffer.allocateDirect(64 * 1024);
    private final TcpSocket[] several = new TcpSocket[CONNECTIONS_AT_ONCE];
    private final CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    private long turnEndNanos;

    /**
     * To run for {@code nanos}.
     *
     * @param offload the real link completes checksums and segments
     * @param realFrames counts the frames that the real stack has received
     */
    public WarmUp(long nanos, boolean offload, LongSupplier realFrames) {
        this.nanos = nanos;
        this.offload = offload;
        this.realFrames = realFrames;
    }

    /** Starts it in a thread of its own, which does not keep the JVM from ending. */
    public void start() {
        Thread thread = new Thread(this, "towpath-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        MemoryWire wire = new MemoryWire(offload ? MemoryLink.DEFAULT : MemoryLink.PLAIN);
        try (NetworkStack server = host("warm-up server")
                        .device(wire.right(), SERVER + "/24")
                        .start();
                NetworkStack client = host("warm-up client")
                        .device(wire.left(), CLIENT + "/24")
                        .start();
                ServiceLoop loop = new ServiceLoop(server)) {
            new Services(ECHO, DISCARD, 0, CHARGEN, 0).addTo(loop, server);
            loop.start();
            long end = System.nanoTime() + nanos;
            long frames = realFrames.getAsLong();
            int quiet = 0;
            while (quiet < QUIET_ROUNDS && System.nanoTime() < end && realFrames.getAsLong() - frames < REAL_TRAFFIC) {
                frames = realFrames.getAsLong();
                long compiledBefore = compiler.getTotalCompilationTime();
                echo(client);
                receive(client);
                send(client);
                connect(client);
                Thread.sleep(PAUSE_MILLIS);
                quiet = compiler.getTotalCompilationTime() - compiledBefore < QUIET_MILLIS ? quiet + 1 : 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // whoever interrupts wants the end
        } catch (ErrnoException e) {
            LOG.log(Level.WARNING, "the warm-up has ended early; the first connections will be slower", e);
        }
    }

    private static NetworkStack.Builder host(String name) {
        return NetworkStack.builder().name(name);
    }

    private boolean turnGoesOn() {
        return System.nanoTime() < turnEndNanos;
    }

    private TcpSocket open(NetworkStack client, int port) throws ErrnoException {
        turnEndNanos = System.nanoTime() + TURN_NANOS;
        TcpSocket socket = TcpSocket.open(client);
        socket.connect(IpAddress.parse(SERVER), port);
        return socket;
    }

    private void echo(NetworkStack client) throws ErrnoException {
        try (TcpSocket socket = open(client, ECHO)) {
            while (turnGoesOn()) {
                socket.send(data.clear().limit(1), 0);
                socket.recv(data.clear(), 0);
            }
        }
    }

    private void receive(NetworkStack client) throws ErrnoException {
        try (TcpSocket socket = open(client, CHARGEN)) {
            while (turnGoesOn()) {
                socket.recv(data.clear(), 0);
            }
        }
    }

    private void send(NetworkStack client) throws ErrnoException {
        try (TcpSocket socket = open(client, DISCARD)) {
            while (turnGoesOn()) {
                socket.send(data.clear(), 0);
            }
        }
    }

    private void connect(NetworkStack client) throws ErrnoException {
        turnEndNanos = System.nanoTime() + TURN_NANOS;
        while (turnGoesOn()) {
            for (int i = 0; i < several.length; i++) {
                several[i] = TcpSocket.open(client);
                several[i].connect(IpAddress.parse(SERVER), ECHO);
            }
            for (TcpSocket socket : several) {
                socket.close();
            }
        }
    }
}
