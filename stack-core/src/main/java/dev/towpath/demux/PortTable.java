package dev.towpath.demux;

import dev.towpath.ip.IpLayer;
import dev.towpath.wire.IpAddress;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Local ports in use: who has bound what, and which receiver gets a packet that no {@link Flow} takes (most specific
 * local address first; among SO_REUSEPORT receivers, by keyed hash of the remote end).
 *
 * <p>Bindings hang in short chains by protocol and port, newest first. Their ports are this host's choice, so the
 * chains need no keyed hash.
 */
public final class PortTable {
    /** First ephemeral port (RFC 6335 section 6). */
    public static final int FIRST_EPHEMERAL = 49_152;

    private static final int EPHEMERAL_PORTS = 65_536 - FIRST_EPHEMERAL;

    /** Then one that may be replaced is taken: a client that has used them all must not look at all each time. */
    private static final int TRIES_FOR_A_FREE_TUPLE = 64;

    private final FlowTable flows;
    private final LongSupplier random;
    private final SipHash portHash;
    private @Nullable Binding[] chains = new @Nullable Binding[16];
    private int size;
    /** RFC 6056 section 3.3.3: next_ephemeral. */
    private int nextEphemeral;

    /** Ports are looked up together with {@code flows}, which tells whether a port without binding is still in use. */
    public PortTable(FlowTable flows, LongSupplier random) {
        this.flows = flows;
        this.random = random;
        this.portHash = new SipHash(random.getAsLong(), random.getAsLong());
        this.nextEphemeral = (int) random.getAsLong();
    }

    /**
     * Claims {@code port} by {@code bind}'s rules as Linux has them. A claim on an equal or overlapping address ("any"
     * overlaps all) conflicts unless both allow it: by SO_REUSEPORT, or by SO_REUSEADDR while none of the others
     * listens (TCP). Live connections on a port, those in TIME-WAIT included, conflict unless one of the two options is
     * set.
     *
     * @param port 1 to 65535, or 0 for an ephemeral port chosen at random (RFC 6056 section 3.3.2), which is shared
     *     with nobody
     * @return null if it is in use, or no ephemeral port is left
     */
    public @Nullable Binding bind(int protocol, IpAddress address, int port, boolean reuseAddress, boolean reusePort) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is 0 (any) to 65535, not " + port);
        }
        if (port != 0) {
            Binding binding = new Binding(protocol, address, port, reuseAddress, reusePort);
            return conflicts(binding) ? null : add(binding);
        }
        int first = (int) Long.remainderUnsigned(random.getAsLong(), EPHEMERAL_PORTS);
        for (int i = 0; i < EPHEMERAL_PORTS; i++) {
            int candidate = FIRST_EPHEMERAL + (first + i) % EPHEMERAL_PORTS;
            if (flows.flowsOnPort(protocol, candidate) == 0 && !bound(protocol, address, candidate)) {
                return add(new Binding(protocol, address, candidate, reuseAddress, reusePort));
            }
        }
        return null;
    }

    /**
     * May {@code binding} begin to listen? False if another listens on the port at an overlapping address without
     * SO_REUSEPORT on both.
     */
    public boolean mayListen(Binding binding) {
        for (Binding b = chain(binding.protocol, binding.port); b != null; b = b.next) {
            if (b != binding
                    && b.receiver != null
                    && b.protocol == binding.protocol
                    && b.port == binding.port
                    && b.overlaps(binding.address)
                    && !(b.reusePort && binding.reusePort)) {
                return false;
            }
        }
        return true;
    }

    /** Gives the claim up. Idempotent. */
    public void release(Binding binding) {
        int chain = chainOf(binding.protocol, binding.port);
        Binding before = null;
        for (Binding b = chains[chain]; b != null; b = b.next) {
            if (b == binding) {
                if (before == null) {
                    chains[chain] = b.next;
                } else {
                    before.next = b.next;
                }
                b.next = null;
                size--;
                return;
            }
            before = b;
        }
    }

    /** The receiver for a packet to this local address and port, or null. Allocates nothing. */
    public @Nullable Object find(
            int protocol,
            long localHigh,
            long localLow,
            int localPort,
            long remoteHigh,
            long remoteLow,
            int remotePort) {
        Binding best = null;
        for (Binding b = chain(protocol, localPort); b != null; b = b.next) {
            if (b.receiver != null
                    && b.takes(protocol, localHigh, localLow, localPort)
                    && (best == null || (best.address.isAny() && !b.address.isAny()))) {
                best = b;
            }
        }
        if (best == null) {
            return null;
        }
        // Without SO_REUSEPORT the newest of several that share an address gets it (UDP with SO_REUSEADDR), as in
        // Linux.
        Object receiver = best.reusePort
                ? spread(best, flows.spread(remoteHigh, remoteLow, remotePort, localPort))
                : best.receiver;
        return receiver;
    }

    /**
     * Goes through all bindings with a receiver that a packet to this local address and port may be meant for: what a
     * broadcast or multicast datagram is delivered to (RFC 1122 section 4.1.3.5 leaves it to the host; Linux delivers
     * to every one).
     *
     * @param after the binding that this method returned last, or null to begin
     * @return the next one, or null
     */
    public @Nullable Binding next(@Nullable Binding after, int protocol, long localHigh, long localLow, int localPort) {
        Binding b = after == null ? chain(protocol, localPort) : after.next;
        while (b != null && (b.receiver == null || !b.takes(protocol, localHigh, localLow, localPort))) {
            b = b.next;
        }
        return b;
    }

    /**
     * An ephemeral port (49152 to 65535) for a connection to this remote end, chosen by RFC 6056 section 3.3.3 so that
     * it can't be predicted, and such that the 5-tuple is free; the same port may serve different remote ends.
     *
     * @param replaceable where free tuples are rare, one whose owner passes this test will do
     * @return 0 if none is left
     */
    public int ephemeralPort(
            int protocol, IpAddress local, IpAddress remote, int remotePort, Predicate<Flow> replaceable) {
        int secondChoice = 0;
        long tail = (long) protocol << 16 | remotePort;
        long offset = portHash.hash(local.high(), local.low(), remote.high(), remote.low(), tail, 3);
        for (int i = 0; i < EPHEMERAL_PORTS; i++) {
            int port = FIRST_EPHEMERAL + (int) Long.remainderUnsigned(offset + nextEphemeral++, EPHEMERAL_PORTS);
            if (bound(protocol, local, port)) {
                continue;
            }
            Flow owner = flows.find(protocol, local.high(), local.low(), port, remote.high(), remote.low(), remotePort);
            if (owner == null) {
                return port;
            }
            if (secondChoice == 0 && replaceable.test(owner)) {
                secondChoice = port;
            }
            if (secondChoice != 0 && i >= TRIES_FOR_A_FREE_TUPLE) {
                break;
            }
        }
        return secondChoice;
    }

    private @Nullable Object spread(Binding group, int hash) {
        int members = 0;
        for (Binding b = chain(group.protocol, group.port); b != null; b = b.next) {
            members += sharesWith(b, group) ? 1 : 0;
        }
        int chosen = (int) (((hash & 0xffff_ffffL) * members) >>> 32);
        for (Binding b = chain(group.protocol, group.port); b != null; b = b.next) {
            if (sharesWith(b, group) && chosen-- == 0) {
                return b.receiver;
            }
        }
        throw new AssertionError("a group has at least the member it was found by");
    }

    private static boolean sharesWith(Binding b, Binding group) {
        return b.receiver != null
                && b.reusePort
                && b.port == group.port
                && b.protocol == group.protocol
                && b.address.equals(group.address);
    }

    private boolean conflicts(Binding binding) {
        for (Binding b = chain(binding.protocol, binding.port); b != null; b = b.next) {
            if (b.protocol == binding.protocol
                    && b.port == binding.port
                    && b.overlaps(binding.address)
                    && !mayShare(b, binding)) {
                return true;
            }
        }
        return !binding.reuseAddress && !binding.reusePort && flows.flowsOnPort(binding.protocol, binding.port) > 0;
    }

    private static boolean mayShare(Binding present, Binding wanted) {
        boolean listens = present.protocol == IpLayer.TCP && present.receiver != null;
        return (present.reusePort && wanted.reusePort) || (present.reuseAddress && wanted.reuseAddress && !listens);
    }

    private boolean bound(int protocol, IpAddress address, int port) {
        for (Binding b = chain(protocol, port); b != null; b = b.next) {
            if (b.protocol == protocol && b.port == port && b.overlaps(address)) {
                return true;
            }
        }
        return false;
    }

    private Binding add(Binding binding) {
        if (size == chains.length) {
            grow();
        }
        push(binding);
        size++;
        return binding;
    }

    private void push(Binding binding) {
        int chain = chainOf(binding.protocol, binding.port);
        binding.next = chains[chain];
        chains[chain] = binding;
    }

    private void grow() {
        @Nullable Binding[] old = chains;
        chains = new @Nullable Binding[old.length * 2];
        for (Binding head : old) {
            // Oldest first, so that the newest is in front again.
            Binding reversed = null;
            for (Binding b = head; b != null; ) {
                Binding next = b.next;
                b.next = reversed;
                reversed = b;
                b = next;
            }
            for (Binding b = reversed; b != null; ) {
                Binding next = b.next;
                push(b);
                b = next;
            }
        }
    }

    private @Nullable Binding chain(int protocol, int port) {
        return chains[chainOf(protocol, port)];
    }

    private int chainOf(int protocol, int port) {
        return (protocol * 31 + port) & (chains.length - 1);
    }
}
