package dev.towpath.stack;

import dev.towpath.config.TcpConfig;
import dev.towpath.ipv4.NetworkInterface;
import dev.towpath.ipv4.Route;
import dev.towpath.link.DeviceWait;
import dev.towpath.link.LinkDevice;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.tcp.State;
import dev.towpath.tcp.Tcb;
import dev.towpath.time.Clock;
import dev.towpath.time.SystemClock;
import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A host of its own: addresses, routes, TCP, UDP and ICMP over link devices. Sockets are opened on it; {@link #close}
 * ends them all.
 *
 * <pre>{@code
 *   try (NetworkStack stack = NetworkStack.builder().device(device, "192.0.2.2/24").gateway("192.0.2.1").start()) {
 *       TcpSocket socket = TcpSocket.open(stack);
 *       ...
 *   }
 * }</pre>
 */
public final class NetworkStack implements AutoCloseable {
    private static final long FINISH_STEP_NANOS = 5_000_000;

    private final String name;
    private final Core core;
    private final Driver driver;
    private final Runnable closeDevices;

    NetworkStack(String name, Core core, Driver driver, Runnable closeDevices) {
        this.name = name;
        this.core = core;
        this.driver = driver;
        this.closeDevices = closeDevices;
    }

    /** A stack to be described; {@link Builder#start} runs it in real time. */
    public static Builder builder() {
        return new Builder(null);
    }

    /** Its name in messages and of its thread. */
    public String name() {
        return name;
    }

    /** Its interfaces, loopback first. */
    public List<InterfaceInfo> interfaces() {
        driver.enter();
        try {
            return core.ipv4().interfaces().stream().map(NetworkStack::describe).toList();
        } finally {
            driver.leave();
        }
    }

    private static InterfaceInfo describe(NetworkInterface each) {
        return new InterfaceInfo(
                each.name(),
                each.mac(),
                each.device().mtu(),
                each.device().features(),
                each.addresses().stream().map(IpPrefix::toString).toList());
    }

    /** Its own addresses, 127.0.0.1 last. */
    public List<IpAddress> addresses() {
        driver.enter();
        try {
            List<IpAddress> own = new ArrayList<>();
            List<IpAddress> loopback = new ArrayList<>();
            for (NetworkInterface each : core.ipv4().interfaces()) {
                for (IpPrefix prefix : each.addresses()) {
                    (each.loopback() ? loopback : own).add(prefix.address());
                }
            }
            own.addAll(loopback);
            return List.copyOf(own);
        } finally {
            driver.leave();
        }
    }

    /**
     * The counters by their MIB names, and dropped packets as {@code Drop} and a {@link DropReason}, such as
     * {@code Drop.IP_BAD_CHECKSUM}.
     */
    public SortedMap<String, Long> counters() {
        SortedMap<String, Long> values = new TreeMap<>();
        driver.enter();
        try {
            for (Counter counter : Counter.values()) {
                values.put(counter.mibName(), core.mib().value(counter));
            }
            for (DropReason reason : DropReason.values()) {
                values.put("Drop." + reason, core.mib().dropped(reason));
            }
        } finally {
            driver.leave();
        }
        return values;
    }

    /** What {@code ss -a} would show: connections (those in TIME-WAIT too), then listeners and datagram sockets. */
    public List<ConnectionInfo> connections() {
        List<ConnectionInfo> all = new ArrayList<>();
        driver.enter();
        try {
            core.tcp()
                    .forEach(tcb -> all.add(new ConnectionInfo(
                            "tcp",
                            new Endpoint(tcb.localAddress(), tcb.localPort()),
                            new Endpoint(tcb.remoteAddress(), tcb.remotePort()),
                            tcb.state().toString())));
            core.tcp()
                    .forEachTimeWait(flow -> all.add(new ConnectionInfo(
                            "tcp",
                            new Endpoint(IpAddress.ofBits(flow.localHigh(), flow.localLow()), flow.localPort()),
                            new Endpoint(IpAddress.ofBits(flow.remoteHigh(), flow.remoteLow()), flow.remotePort()),
                            State.TIME_WAIT.toString())));
            core.listed().forEach(socket -> all.add(socket.get()));
        } finally {
            driver.leave();
        }
        return all;
    }

    /**
     * Sends one ICMP echo request of {@code payloadSize} bytes and waits for its answer.
     *
     * @return empty if none came in time
     * @throws IOException if there is no route, the host is reported unreachable, the thread is interrupted, or the
     *     stack is closed
     */
    public Optional<EchoReply> ping(IpAddress destination, int payloadSize, Duration timeout) throws IOException {
        return Ping.send(core, driver, destination, payloadSize, timeout);
    }

    /** False after {@link #close}, or after a failure. */
    public boolean isOpen() {
        driver.enter();
        try {
            return driver.running();
        } finally {
            driver.leave();
        }
    }

    /**
     * Resets every connection, wakes everybody who waits, then closes the devices in the order they were given.
     * Idempotent.
     */
    @Override
    public void close() {
        driver.close(closeDevices);
    }

    /**
     * Ends what its connections have to say, as a kernel does for a program that has ended: what was sent is delivered
     * and a FIN behind it, as far as {@code patience} allows; then what is left is reset. The stack runs on.
     */
    public void finish(Duration patience) {
        driver.enter();
        try {
            if (driver.running()) {
                core.tcp().forEach(NetworkStack::endOutput);
                WaitPoint nothing = driver.newWaitPoint();
                long deadline = driver.nowNanos() + patience.toNanos();
                while (driver.running() && core.tcp().undelivered() && driver.nowNanos() < deadline) {
                    // whoever waits drives: this is when to look again, and nobody has to tell
                    if (!driver.await(nothing, Math.min(deadline, driver.nowNanos() + FINISH_STEP_NANOS))) {
                        break; // interrupted
                    }
                }
            }
            if (driver.running()) {
                core.tcp().close();
            }
        } finally {
            driver.leave();
        }
    }

    private static void endOutput(Tcb connection) {
        if (connection.state() == State.ESTABLISHED || connection.state() == State.CLOSE_WAIT) {
            connection.shutdownOutput();
        }
    }

    /** The machine, for the socket package. */
    public Core core() {
        return core;
    }

    /** Who runs it, for the socket package. */
    public Driver driver() {
        return driver;
    }

    @Override
    public String toString() {
        return "stack '" + name + "'";
    }

    /**
     * Describes a stack, then builds and starts it. Texts that are no addresses are refused at once, what contradicts
     * itself by {@link #start}.
     */
    public static final class Builder {
        /**
         * Buffer memory of a stack unless told otherwise: 256 MiB, used only as traffic needs it. In a small JVM less:
         * direct memory is limited to as much as the heap may have, unless it is told otherwise.
         */
        private static final long DEFAULT_MEMORY =
                Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 2);

        /** A wake-up on another core costs about this much, so waiting longer for a frame than this gains nothing. */
        private static final long DEFAULT_SPIN_NANOS = 20_000;

        private static final AtomicInteger UNNAMED = new AtomicInteger();

        private record Link(LinkDevice device, List<IpPrefix> addresses) {}

        private record Via(IpPrefix destination, IpAddress gateway) {}

        private final @Nullable Simulation simulation;
        private final List<Link> links = new ArrayList<>();
        private final List<Via> routes = new ArrayList<>();
        private String name = "";
        private LongSupplier random = new SecureRandom()::nextLong;
        private Clock clock = SystemClock.INSTANCE;
        private TcpConfig tcp = TcpConfig.DEFAULT;
        private long memoryBudget = DEFAULT_MEMORY;
        // With one core whoever would send the frame can't run while we spin.
        private long spinNanos = Runtime.getRuntime().availableProcessors() > 1 ? DEFAULT_SPIN_NANOS : 0;

        Builder(@Nullable Simulation simulation) {
            this.simulation = simulation;
        }

        /** Name for people and of its thread. */
        public Builder name(String newName) {
            name = newName;
            return this;
        }

        /**
         * Adds an interface; the stack owns and closes {@code device}.
         *
         * @param prefixes its addresses, such as {@code "192.0.2.2/24"}
         */
        public Builder device(LinkDevice device, String... prefixes) {
            links.add(new Link(device, Stream.of(prefixes).map(IpPrefix::parse).toList()));
            return this;
        }

        /**
         * Sends what goes to {@code prefix} (such as {@code "198.51.100.0/24"}) by way of {@code gateway}, a neighbour.
         */
        public Builder route(String prefix, String gateway) {
            routes.add(new Via(IpPrefix.parse(prefix), IpAddress.parse(gateway)));
            return this;
        }

        /** The default route. */
        public Builder gateway(String gateway) {
            return route("0.0.0.0/0", gateway);
        }

        /**
         * Makes all that is random a function of {@code seed}: for tests only, since ports and sequence numbers can
         * then be predicted.
         */
        public Builder seed(long seed) {
            random = new SplittableRandom(seed)::nextLong;
            return this;
        }

        /** Where time comes from; the machine's monotonic clock unless told otherwise. */
        public Builder clock(Clock newClock) {
            clock = newClock;
            return this;
        }

        /** Changes what all TCP connections have in common. */
        public Builder tcp(TcpConfig config) {
            tcp = config;
            return this;
        }

        /**
         * Bytes of buffer memory for all sockets together; when they are spent, windows shrink and new connections are
         * refused.
         */
        public Builder memoryBudget(long bytes) {
            if (bytes < 1 << 20) {
                throw new IllegalArgumentException(
                        "a stack needs a memory budget of at least 1 MiB, not " + bytes + " bytes");
            }
            memoryBudget = bytes;
            return this;
        }

        /**
         * How long after the last traffic an application's thread that waits looks for frames before it sleeps; 0
         * sleeps at once.
         */
        public Builder spinNanos(long nanos) {
            if (nanos < 0) {
                throw new IllegalArgumentException("a time to spin is 0 or more nanoseconds, not " + nanos);
            }
            spinNanos = nanos;
            return this;
        }

        /** Builds it and runs it: in real time, or as a host of the {@link Simulation} that this builder came from. */
        public NetworkStack start() {
            String named = name.isEmpty() ? "stack-" + UNNAMED.incrementAndGet() : name;
            Core core = new Core(clock.nanoTime(), random, tcp, memoryBudget);
            List<NetworkInterface> interfaces = new ArrayList<>();
            for (Link link : links) {
                interfaces.add(core.add(link.device, link.addresses));
            }
            for (Via via : routes) {
                core.ipv4()
                        .routes()
                        .add(Route.gateway(via.destination, via.gateway, neighbouring(via.gateway, interfaces)));
            }
            return simulation == null ? startInRealTime(named, core) : startSimulated(named, core, simulation);
        }

        private NetworkStack startInRealTime(String named, Core core) {
            DeviceWait wait = commonWait();
            RealTimeDriver driver = new RealTimeDriver(named, core, wait, clock, spinNanos);
            Runnable closeDevices = closeDevices();
            NetworkStack stack = new NetworkStack(named, core, driver, () -> {
                closeDevices.run();
                wait.close();
            });
            driver.start();
            return stack;
        }

        private NetworkStack startSimulated(String named, Core core, Simulation network) {
            SimulationDriver driver = new SimulationDriver(network, named, core);
            NetworkStack stack = new NetworkStack(named, core, driver, closeDevices());
            Runnable changed = network.add(stack, driver);
            driver.onChange(changed);
            for (Link link : links) {
                link.device.onArrival(changed);
            }
            return stack;
        }

        /** One sleep for all devices: that of the first which has a file descriptor, or plain parking. */
        private DeviceWait commonWait() {
            DeviceWait wait = null;
            for (Link link : links) {
                DeviceWait own = link.device.deviceWait();
                if (own != null && wait == null) {
                    wait = own;
                } else if (own != null && wait != null && !wait.add(link.device)) {
                    throw new IllegalArgumentException("the stack can't wait for " + link.device.name()
                            + " together with the devices before it; give it a stack of its own");
                }
            }
            DeviceWait chosen = wait == null ? new ParkingWait() : wait;
            for (Link link : links) {
                link.device.onArrival(chosen::wake);
            }
            return chosen;
        }

        private Runnable closeDevices() {
            List<Link> all = List.copyOf(links);
            return () -> all.forEach(link -> link.device.close());
        }

        private static NetworkInterface neighbouring(IpAddress gateway, List<NetworkInterface> interfaces) {
            for (NetworkInterface each : interfaces) {
                for (IpPrefix prefix : each.addresses()) {
                    if (prefix.contains(gateway)) {
                        return each;
                    }
                }
            }
            throw new IllegalArgumentException("the gateway " + gateway
                    + " is on none of the stack's networks; give a device an address in the gateway's network");
        }
    }
}
