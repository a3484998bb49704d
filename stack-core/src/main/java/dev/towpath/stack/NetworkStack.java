package dev.towpath.stack;

import dev.towpath.link.LinkDevice;
import dev.towpath.tcp.TcpConfig;
import dev.towpath.time.Clock;
import dev.towpath.wire.IpAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** A host of its own: addresses, routes, TCP, UDP and ICMP over link devices. Sockets are opened on it; {@link #close} ends them all. */
public final class NetworkStack implements AutoCloseable {
    NetworkStack() {}

    /** A stack to be described; {@link Builder#start} runs it in real time. */
    public static Builder builder() {
        throw new UnsupportedOperationException();
    }

    /** Its name in messages and of its thread. */
    public String name() {
        throw new UnsupportedOperationException();
    }

    /** Its interfaces, loopback first. */
    public List<InterfaceInfo> interfaces() {
        throw new UnsupportedOperationException();
    }

    /** Its own addresses, 127.0.0.1 last. */
    public List<IpAddress> addresses() {
        throw new UnsupportedOperationException();
    }

    /** The counters by their MIB names, and dropped packets as {@code Drop.REASON}. */
    public SortedMap<String, Long> counters() {
        throw new UnsupportedOperationException();
    }

    /** What {@code ss -a} would show. */
    public List<ConnectionInfo> connections() {
        throw new UnsupportedOperationException();
    }

    /**
     * Sends one ICMP echo request of {@code payloadSize} bytes and waits for its answer.
     *
     * @return empty if none came in time
     * @throws IOException if there is no route, the host is reported unreachable, the thread is interrupted, or the stack is closed
     */
    public Optional<EchoReply> ping(IpAddress destination, int payloadSize, Duration timeout) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** False after {@link #close}, or after a failure. */
    public boolean isOpen() {
        throw new UnsupportedOperationException();
    }

    /** Resets every connection, wakes everybody who waits, then closes the devices in the order they were given. Idempotent. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }

    /** Describes a stack. */
    public static final class Builder {
        Builder() {}

        /** Name for people. */
        public Builder name(String name) {
            throw new UnsupportedOperationException();
        }

        /** Adds an interface; the stack closes {@code device}. {@code prefixes} are its addresses, such as {@code "192.0.2.2/24"}. */
        public Builder device(LinkDevice device, String... prefixes) {
            throw new UnsupportedOperationException();
        }

        /** Sends what goes to {@code prefix} (such as {@code "198.51.100.0/24"}) by way of {@code gateway}. */
        public Builder route(String prefix, String gateway) {
            throw new UnsupportedOperationException();
        }

        /** The default route. */
        public Builder gateway(String gateway) {
            throw new UnsupportedOperationException();
        }

        /** Makes all that is random a function of {@code seed}: for tests only, since ports and sequence numbers can then be predicted. */
        public Builder seed(long seed) {
            throw new UnsupportedOperationException();
        }

        /** Where time comes from; the machine's monotonic clock unless told otherwise. */
        public Builder clock(Clock clock) {
            throw new UnsupportedOperationException();
        }

        /** Changes what all TCP connections have in common. */
        @SuppressWarnings("exports") // for tests
        public Builder tcp(TcpConfig config) {
            throw new UnsupportedOperationException();
        }

        /** Bytes of buffer memory for all sockets together. */
        public Builder memoryBudget(long bytes) {
            throw new UnsupportedOperationException();
        }

        /** How long an application's thread that waits looks for frames before it sleeps; 0 never looks. */
        public Builder spinNanos(long nanos) {
            throw new UnsupportedOperationException();
        }

        /** Builds it and runs it. */
        public NetworkStack start() {
            throw new UnsupportedOperationException();
        }
    }
}
