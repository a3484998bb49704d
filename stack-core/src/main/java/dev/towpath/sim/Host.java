package dev.towpath.sim;

import dev.towpath.buffer.Frame;
import dev.towpath.config.TcpConfig;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.SockOpt;
import dev.towpath.socket.SocketConstants;
import dev.towpath.socket.TcpSocket;
import dev.towpath.socket.UdpSocket;
import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.ArpHeader;
import dev.towpath.wire.EthernetHeader;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import dev.towpath.wire.Ipv4Header;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A computer of its own in a {@link Network}: a whole stack, on which the ordinary sockets are opened
 * ({@code TcpSocket.open(host.stack())}) or applications written as events.
 */
public final class Host extends Node {
    private final int number;
    private final List<IpPrefix> wishes = new ArrayList<>();
    private UnaryOperator<NetworkStack.Builder> settings = UnaryOperator.identity();
    private @Nullable NetworkStack stack;
    private @Nullable EventLoop loop;
    /** Hosts from which nothing arrives here, by number. */
    private final BitSet unheard = new BitSet();

    Host(Network net, String name, int number) {
        super(net, name);
        this.number = number;
    }

    /**
     * Gives its next link that has no address yet an address of its own, such as {@code "192.0.2.7/24"}; links that
     * are given none get one from the network. To be said before the network starts.
     */
    public Host address(String prefix) {
        net.refuseOnceStarted("address");
        wishes.add(IpPrefix.parse(prefix));
        return this;
    }

    /** Changes what its TCP connections have in common. To be said before the network starts. */
    public Host tcp(TcpConfig config) {
        return configure(builder -> builder.tcp(config));
    }

    /** Changes how much memory its sockets have. To be said before the network starts. */
    public Host memoryBudget(long bytes) {
        return configure(builder -> builder.memoryBudget(bytes));
    }

    private Host configure(UnaryOperator<NetworkStack.Builder> further) {
        net.refuseOnceStarted("configuration");
        UnaryOperator<NetworkStack.Builder> before = settings;
        settings = builder -> further.apply(before.apply(builder));
        return this;
    }

    /** Its stack; starts the network if need be. */
    public NetworkStack stack() {
        net.start();
        NetworkStack started = stack;
        if (started == null) {
            throw new AssertionError(this + " was not started");
        }
        return started;
    }

    /** Its address, that on its first link; starts the network if need be. */
    public IpAddress address() {
        net.start();
        return ends().isEmpty()
                ? IpAddress.LOOPBACK_V4
                : ends().get(0).address().address();
    }

    /** The value of a counter by its MIB name, or of a drop reason ({@code Drop.IP_BAD_CHECKSUM}). */
    public long count(String counter) {
        Long value = stack().counters().get(counter);
        if (value == null) {
            throw new IllegalArgumentException("no counter has the name '" + counter + "'");
        }
        return value;
    }

    /** Lets {@code application} set up each connection that comes to {@code port}: {@code host.listen(7, Apps.echo())}. */
    public Host listen(int port, Consumer<Connection> application) {
        try {
            TcpSocket socket = TcpSocket.open(stack());
            socket.option(SockOpt.SO_REUSEADDR, true);
            socket.bind(IpAddress.ANY_V4, port);
            socket.listen(SocketConstants.SOMAXCONN);
            Connection.listen(loop(), socket, application);
            return this;
        } catch (ErrnoException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects to a port of another host; {@code application} says what happens on the connection. */
    public Connection connect(Host to, int port, Consumer<Connection> application) {
        return connect(to.address(), port, application);
    }

    /** Connects to a port of the host with this name. */
    public Connection connect(String to, int port, Consumer<Connection> application) {
        return connect(net.address(to), port, application);
    }

    /** Connects to an address and port. */
    public Connection connect(IpAddress to, int port, Consumer<Connection> application) {
        try {
            return Connection.connect(loop(), TcpSocket.open(stack()), to, port, application);
        } catch (ErrnoException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A UDP port of this host's (0 for any that is free); {@code handler} takes what arrives at it. */
    public DatagramPort udp(int port, DatagramPort.Handler handler) {
        try {
            return DatagramPort.open(loop(), UdpSocket.open(stack()), port, handler);
        } catch (ErrnoException e) {
            throw new UncheckedIOException(e);
        }
    }

    private EventLoop loop() throws ErrnoException {
        EventLoop known = loop;
        if (known == null) {
            known = new EventLoop(this);
            loop = known;
        }
        return known;
    }

    int number() {
        return number;
    }

    BitSet unheard() {
        return unheard;
    }

    void adoptWishes() {
        if (wishes.size() > ends().size()) {
            throw new IllegalStateException(
                    this + " has " + wishes.size() + " addresses, but only " + ends().size() + " links");
        }
        for (int i = 0; i < wishes.size(); i++) {
            ends().get(i).address(wishes.get(i));
        }
    }

    @Override
    boolean speaksIp() {
        return true;
    }

    /** A partition goes by who sent a frame first, however many routers it has passed. */
    @Override
    boolean mayReceive(Frame frame) {
        if (unheard.isEmpty()) {
            return true;
        }
        int at = frame.start + EthernetHeader.LENGTH;
        int type = EthernetHeader.type(frame.bytes(), frame.start);
        int source;
        if (type == EthernetHeader.IPV4 && frame.end - at >= Ipv4Header.MIN_LENGTH) {
            source = Ipv4Header.source(frame.bytes(), at);
        } else if (type == EthernetHeader.ARP && ArpHeader.validate(frame.bytes(), at, frame.end - at)) {
            source = ArpHeader.senderIp(frame.bytes(), at);
        } else {
            return true;
        }
        Host sender = net.hostWith(source);
        return sender == null || !unheard.get(sender.number);
    }

    @Override
    void start(Routes routes) {
        NetworkStack.Builder builder = settings.apply(net.simulation().host(name()));
        for (LinkEnd end : ends()) {
            builder.device(end, end.address().toString());
        }
        for (Routes.Via via : routes.from(this)) {
            builder.route(via.destination().toString(), via.gateway().toString());
        }
        stack = builder.start();
    }
}
