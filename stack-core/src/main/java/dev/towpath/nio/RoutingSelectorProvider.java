package dev.towpath.nio;

import dev.towpath.setup.Kernel;
import dev.towpath.setup.Routes;
import dev.towpath.setup.StackProperties.Side;
import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.IpPrefix;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two worlds in one selector: some destinations belong to a stack, all others to the kernel.
 *
 * <pre>{@code
 *   SelectorProvider provider = new RoutingSelectorProvider(stack, List.of(IpPrefix.parse("192.0.2.0/24")), Side.TOWPATH);
 * }</pre>
 *
 * <p>A channel is the stack's or the kernel's from the moment at which an address decides: the one that it is bound or
 * connected to, or sends to. Options set before are kept. The stack's own addresses are the stack's, whatever the
 * prefixes say, and 127.0.0.0/8 is the kernel's unless they say otherwise.
 */
public final class RoutingSelectorProvider extends SelectorProvider {
    private final NetworkStack stack;
    private final TowpathSelectorProvider towpath;
    private final SelectorProvider kernel;
    private final Routes routes;

    /**
     * Sends to {@code stack} what goes to {@code destinations}.
     *
     * @param listen where sockets that are bound to no address (0.0.0.0) belong
     * @throws dev.towpath.setup.SetupException if this JVM's own provider is Towpath's, and the JDK's is not exported
     */
    public RoutingSelectorProvider(NetworkStack stack, List<IpPrefix> destinations, Side listen) {
        this(stack, new Routes(stack, destinations, listen));
    }

    RoutingSelectorProvider(NetworkStack stack, Routes routes) {
        this.stack = stack;
        this.towpath = new TowpathSelectorProvider(stack);
        this.kernel = Kernel.provider();
        this.routes = routes;
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return new RoutedSocketChannel(this, SelectorProvider::openSocketChannel);
    }

    /** IPv6 and UNIX are the kernel's. */
    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        return family == StandardProtocolFamily.INET
                ? new RoutedSocketChannel(this, side -> side.openSocketChannel(family))
                : new RoutedSocketChannel(this, kernel.openSocketChannel(family));
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return new RoutedServerSocketChannel(this, SelectorProvider::openServerSocketChannel);
    }

    /** IPv6 and UNIX are the kernel's. */
    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        return family == StandardProtocolFamily.INET
                ? new RoutedServerSocketChannel(this, side -> side.openServerSocketChannel(family))
                : new RoutedServerSocketChannel(this, kernel.openServerSocketChannel(family));
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return new RoutedDatagramChannel(this, SelectorProvider::openDatagramChannel);
    }

    /** IPv6 is the kernel's. */
    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return family == StandardProtocolFamily.INET
                ? new RoutedDatagramChannel(this, side -> side.openDatagramChannel(family))
                : new RoutedDatagramChannel(this, kernel.openDatagramChannel(family));
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return new RoutedSelector(this);
    }

    /** In memory. */
    @Override
    public Pipe openPipe() throws IOException {
        return towpath.openPipe(this);
    }

    /** What inetd hands over is the kernel's. */
    @Override
    public @Nullable Channel inheritedChannel() throws IOException {
        Channel inherited = kernel.inheritedChannel();
        if (inherited instanceof SocketChannel connection) {
            return new RoutedSocketChannel(this, connection);
        }
        if (inherited instanceof ServerSocketChannel listener) {
            return new RoutedServerSocketChannel(this, listener);
        }
        return inherited instanceof DatagramChannel datagrams ? new RoutedDatagramChannel(this, datagrams) : inherited;
    }

    @Override
    public String toString() {
        return getClass().getName() + " of " + stack + " and the kernel";
    }

    TowpathSelectorProvider towpath() {
        return towpath;
    }

    SelectorProvider kernel() {
        return kernel;
    }

    SelectorProvider provider(Side side) {
        return side == Side.TOWPATH ? towpath : kernel;
    }

    Routes routes() {
        return routes;
    }
}
