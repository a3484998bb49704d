package dev.towpath.testing.script;

import dev.towpath.tcp.State;
import dev.towpath.tcp.Tcb;
import dev.towpath.tcp.TcpSettings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Random;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Two hosts, two wires and one connection between them in virtual time: a client that connects and a server that
 * accepts, each of which writes a stream, reads the other's in whatever pieces its mood (a seed) gives it, and closes.
 * Everything that happens is a function of the seed.
 */
public final class TwoHosts {
    private static final int PORT = 80;
    private static final int CLIENT_PORT = 50_000;
    private static final int SHOWN = 80;
    private static final long MOOD_NANOS = 7_000_000;
    private static final long MOST_NANOS = 4 * 3600 * 1_000_000_000L;

    private final Random random;
    private final ScriptClock clock = new ScriptClock(until -> {});
    private final Host client;
    private final Host server;
    private final LossyWire toServer;
    private final LossyWire toClient;
    private final Party first;
    private final Party second;
    private final Deque<String> lines = new ArrayDeque<>();
    private final CRC32 trace = new CRC32();
    private boolean withoutSack;
    private boolean withoutTimestamps;
    private boolean verbose;

    /** How one side behaves, and how far it has come. */
    private final class Party {
        private final Host host;
        private final Pattern own;
        private final Pattern others;
        private final int toWrite;
        private final int mostAtOnce;
        private final int reluctance;
        private int written;
        private int read;
        private boolean shut;
        private boolean closed;

        Party(Host host, Pattern own, Pattern others, int toWrite) {
            this.host = host;
            this.own = own;
            this.others = others;
            this.toWrite = toWrite;
            this.mostAtOnce = 1 + random.nextInt(random.nextBoolean() ? 100_000 : 2000);
            this.reluctance = random.nextInt(4);
        }

        /** Does what it likes of what it can. */
        void acts() {
            Tcb tcb = host.connection();
            if (tcb == null || closed) {
                return;
            }
            if (tcb.failure() != null) {
                throw new AssertionError(tcb + " failed: " + tcb.failure());
            }
            if (random.nextInt(reluctance + 1) == 0) {
                reads(tcb);
            }
            if (random.nextInt(reluctance + 1) == 0) {
                writes(tcb);
            }
            if (shut && tcb.inputEnded() && tcb.available() == 0) {
                tcb.close();
                closed = true;
            }
        }

        private void reads(Tcb tcb) {
            ByteBuffer into = ByteBuffer.allocate(1 + random.nextInt(mostAtOnce));
            int count = tcb.receive(into, false);
            byte[] bytes = new byte[count];
            into.flip().get(bytes);
            int wrong = others.mismatch(read, bytes);
            if (wrong >= 0) {
                throw new AssertionError("byte " + (read + wrong) + " that " + own + "'s side read is wrong");
            }
            read += count;
        }

        private void writes(Tcb tcb) {
            int count = Math.min(toWrite - written, 1 + random.nextInt(mostAtOnce));
            if (count > 0) {
                ByteBuffer data = ByteBuffer.allocate(count);
                own.fill(written, data);
                written += tcb.send(data.flip(), random.nextInt(10) == 0);
            } else if (!shut && tcb.wasEstablished()) {
                tcb.shutdownOutput();
                shut = true;
            }
        }

        @Override
        public String toString() {
            return own + " wrote " + written + " of " + toWrite + (shut ? ", shut" : "") + (closed ? ", closed" : "")
                    + ", read " + read + ", " + host.connection();
        }

        /** It has something to do that no segment or timer would wake it for. */
        boolean restless() {
            Tcb tcb = host.connection();
            if (tcb == null || closed) {
                return false;
            }
            boolean mayWrite = written < toWrite ? tcb.sendSpace() > 0 : !shut && tcb.wasEstablished();
            return mayWrite || tcb.available() > 0 || (shut && tcb.inputEnded());
        }
    }

    /** A connection that carries these many bytes each way over wires of these kinds. */
    public TwoHosts(long seed, int clientBytes, int serverBytes, Impairment out, Impairment back) {
        this.random = new Random(seed);
        this.toServer = new LossyWire(out, seed * 2);
        this.toClient = new LossyWire(back, seed * 2 + 1);
        this.client = new Host(Rig.PEER, Rig.STACK, Pattern.PEER, clock, random, (s, cut) -> put(toServer, s, cut));
        this.server = new Host(Rig.STACK, Rig.PEER, Pattern.APP, clock, random, (s, cut) -> put(toClient, s, cut));
        this.first = new Party(client, Pattern.PEER, Pattern.APP, clientBytes);
        this.second = new Party(server, Pattern.APP, Pattern.PEER, serverBytes);
    }

    /** The side that connects. */
    public Host client() {
        return client;
    }

    /** The side that accepts. */
    public Host server() {
        return server;
    }

    /** Changes the MTU of both. */
    public void mtu(int bytes) {
        client.ip().mtu(bytes);
        server.ip().mtu(bytes);
    }

    /** Both links take super-segments. */
    public void offload() {
        client.ip().offload(65_535);
        server.ip().offload(65_535);
    }

    /** A middlebox takes these options out of SYNs, so that the hosts do without. */
    public void without(boolean sack, boolean timestamps) {
        withoutSack = sack;
        withoutTimestamps = timestamps;
    }

    /** From now on all that happens is kept for the message of a failure. */
    public void verbose() {
        verbose = true;
    }

    /** The last that happened, after {@link #verbose}. */
    public String tail() {
        return String.join("\n", lines);
    }

    /** A number that is the same for the same sequence of segments at the same times. */
    public long trace() {
        return trace.getValue();
    }

    /** Virtual time that has passed. */
    public long elapsedNanos() {
        return clock.elapsedNanos();
    }

    /** Runs the connection from its first SYN until nothing is left of it, TIME-WAIT included. */
    public void run(TcpSettings clientSettings, TcpSettings serverSettings) {
        try {
            server.listens(PORT, serverSettings);
            client.connects(CLIENT_PORT, PORT, clientSettings);
            while (live()) {
                step();
            }
            requireAllArrived();
            settle();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(e.getMessage() + "\n" + tail(), e);
        }
    }

    private boolean live() {
        return !first.closed || !second.closed;
    }

    /** Everybody acts, the stacks send, and time goes on to the next thing that happens. */
    private void step() {
        first.acts();
        client.tcp().flush();
        second.acts();
        server.tcp().flush();
        if (!live()) {
            return;
        }
        boolean restless = first.restless() || second.restless();
        long mood = restless ? clock.nanoTime() + 1 + random.nextLong(MOOD_NANOS) : Long.MAX_VALUE;
        long next = Math.min(mood, nextNanos());
        if (next == Long.MAX_VALUE || clock.elapsedNanos() > MOST_NANOS) {
            throw new AssertionError("stuck: " + first + "; " + second);
        }
        advance(next);
    }

    private long nextNanos() {
        long timers = Math.min(client.wheel().nextDeadline(), server.wheel().nextDeadline());
        return Math.min(timers, Math.min(toServer.nextNanos(), toClient.nextNanos()));
    }

    private void advance(long until) {
        clock.set(Math.max(clock.nanoTime(), until));
        deliver(toServer, server);
        deliver(toClient, client);
        client.wheel().poll(clock.nanoTime());
        server.wheel().poll(clock.nanoTime());
        client.tcp().flush();
        server.tcp().flush();
    }

    private void deliver(LossyWire wire, Host to) {
        while (wire.nextNanos() <= clock.nanoTime()) {
            LossyWire.Packet packet = wire.take();
            to.arrived(packet.segment(), packet.segmentSize(), packet.damaged());
        }
    }

    private void requireAllArrived() {
        if (first.read != second.toWrite || second.read != first.toWrite) {
            throw new AssertionError("the client has read " + first.read + " of " + second.toWrite + ", the server "
                    + second.read + " of " + first.toWrite);
        }
    }

    /** The last ACKs, TIME-WAIT, and then nothing. */
    private void settle() {
        while (nextNanos() != Long.MAX_VALUE) {
            advance(nextNanos());
        }
        client.requireNothingLeft();
        server.requireNothingLeft();
        requireClosed(client.connection());
        requireClosed(server.connection());
    }

    private static void requireClosed(@Nullable Tcb tcb) {
        if (tcb == null || tcb.state() != State.CLOSED) {
            throw new AssertionError("not closed: " + tcb);
        }
    }

    private void put(LossyWire wire, byte[] sent, int segmentSize) {
        WireSegment read = SegmentCodec.read(sent);
        byte[] segment = read.has(WireSegment.Flag.SYN) ? stripped(wire, read) : sent;
        trace.update(segment);
        trace.update(Long.toString(clock.nanoTime()).getBytes(StandardCharsets.US_ASCII));
        if (verbose) {
            tell(wire, read);
        }
        wire.send(segment, segmentSize, clock.nanoTime());
    }

    private byte[] stripped(LossyWire wire, WireSegment syn) {
        WireSegment.Options all = syn.options();
        WireSegment.Options left = new WireSegment.Options(
                all.mss(),
                all.windowScale(),
                all.sackPermitted() && !withoutSack,
                withoutTimestamps ? null : all.timestamps(),
                all.sack());
        WireSegment less = new WireSegment(
                syn.sequence(), syn.acknowledgment(), syn.flags(), syn.window(), syn.urgent(), left, syn.payload());
        return wire == toServer
                ? SegmentCodec.write(less, Rig.PEER, CLIENT_PORT, Rig.STACK, PORT)
                : SegmentCodec.write(less, Rig.STACK, PORT, Rig.PEER, CLIENT_PORT);
    }

    private void tell(LossyWire wire, WireSegment segment) {
        lines.add(String.format(
                Locale.ROOT,
                "%12.6f %s %s seq %d length %d ack %d win %d",
                clock.elapsedNanos() / 1e9,
                wire == toServer ? "client >" : "< server",
                segment.flagLetters(),
                segment.sequence(),
                segment.payload().length,
                segment.acknowledgment(),
                segment.window()));
        if (lines.size() > SHOWN) {
            lines.remove();
        }
    }
}
