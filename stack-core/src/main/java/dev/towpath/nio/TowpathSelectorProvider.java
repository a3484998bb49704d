package dev.towpath.nio;

import dev.towpath.jdk.Exceptions;
import dev.towpath.setup.DefaultStack;
import dev.towpath.setup.Routes;
import dev.towpath.setup.SetupException;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.MemoryPipe;
import dev.towpath.socket.TcpSocket;
import dev.towpath.stack.NetworkStack;
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
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Opens the channels and selectors of {@code java.nio} on a {@link NetworkStack}: what they do is what the JDK's do,
 * over another TCP.
 *
 * <p>A whole JVM uses it with {@code -Djava.nio.channels.spi.SelectorProvider=dev.towpath.nio.TowpathSelectorProvider}.
 * One part of a program uses it by asking it for channels:
 *
 * <pre>{@code
 *   SelectorProvider provider = new TowpathSelectorProvider(stack);
 *   SocketChannel channel = provider.openSocketChannel();
 *   Selector selector = provider.openSelector();
 * }</pre>
 *
 * <p>A selector takes the channels of its own stack only. Where the property {@code towpath.destinations} leaves a part
 * of the world to the kernel, channels and selectors are those of a {@link RoutingSelectorProvider}.
 */
public class TowpathSelectorProvider extends SelectorProvider {
    private final ReentrantLock divisionLock = new ReentrantLock();
    private final @Nullable NetworkStack given;
    private @Nullable SelectorProvider divided;
    private boolean dividedKnown;

    /**
     * For the stack that all of the JVM shares: what the JDK calls. The stack is started when the first channel or
     * selector is opened, which fails if the properties that describe it are wrong.
     */
    public TowpathSelectorProvider() {
        this.given = null;
    }

    /** For {@code stack}, which stays its owner's to close. */
    public TowpathSelectorProvider(NetworkStack stack) {
        this.given = Objects.requireNonNull(stack);
    }

    private NetworkStack stack() throws IOException {
        if (given != null) {
            return given;
        }
        try {
            return DefaultStack.get();
        } catch (SetupException wrong) {
            throw new IOException(wrong.getMessage(), wrong);
        }
    }

    /** The provider that leaves a part of the world to the kernel, if the properties say so. */
    private @Nullable SelectorProvider divided() throws IOException {
        divisionLock.lock();
        try {
            if (!dividedKnown && given == null) {
                NetworkStack shared = stack();
                try {
                    Routes routes = DefaultStack.routes();
                    if (routes != null) {
                        divided = new RoutingSelectorProvider(shared, routes);
                    }
                } catch (SetupException wrong) {
                    throw new IOException(wrong.getMessage(), wrong);
                }
            }
            dividedKnown = true;
            return divided;
        } finally {
            divisionLock.unlock();
        }
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        SelectorProvider chooser = divided();
        if (chooser != null) {
            return chooser.openSocketChannel();
        }
        return new TcpChannel(this, openSocket());
    }

    /** As in the JDK since version 15; there is IPv4 only. */
    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        SelectorProvider chooser = divided();
        if (chooser != null) {
            return chooser.openSocketChannel(family);
        }
        checkFamily(family);
        return openSocketChannel();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        SelectorProvider chooser = divided();
        if (chooser != null) {
            return chooser.openServerSocketChannel();
        }
        return new TcpServerChannel(this, openSocket());
    }

    /** As in the JDK since version 15; there is IPv4 only. */
    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        SelectorProvider chooser = divided();
        if (chooser != null) {
            return chooser.openServerSocketChannel(family);
        }
        checkFamily(family);
        return openServerSocketChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        SelectorProvider chooser = divided();
        if (chooser != null) {
            return chooser.openDatagramChannel();
        }
        return new UdpChannel(this, stack());
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        SelectorProvider chooser = divided();
        if (chooser != null) {
            return chooser.openDatagramChannel(family);
        }
        checkFamily(family);
        return openDatagramChannel();
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        SelectorProvider chooser = divided();
        if (chooser != null) {
            return chooser.openSelector();
        }
        try {
            return new TowpathSelector(this, stack());
        } catch (ErrnoException e) {
            throw Exceptions.channel(e);
        }
    }

    @Override
    public Pipe openPipe() throws IOException {
        return openPipe(this);
    }

    /** For {@code provider}, which the pipe's ends name as theirs. */
    Pipe openPipe(SelectorProvider provider) throws IOException {
        try {
            MemoryPipe pipe = MemoryPipe.open(stack());
            return new StackPipe(new PipeSource(provider, pipe.source()), new PipeSink(provider, pipe.sink()));
        } catch (ErrnoException e) {
            throw Exceptions.channel(e);
        }
    }

    /** None: what inetd hands over is a descriptor of the kernel's. */
    @Override
    public @Nullable Channel inheritedChannel() throws IOException {
        SelectorProvider chooser = divided();
        if (chooser != null) {
            return chooser.inheritedChannel();
        }
        return null;
    }

    @Override
    public String toString() {
        return getClass().getName() + " of " + (given == null ? "the default stack" : given);
    }

    private TcpSocket openSocket() throws IOException {
        try {
            return TcpSocket.open(stack());
        } catch (ErrnoException e) {
            throw Exceptions.channel(e);
        }
    }

    private static void checkFamily(ProtocolFamily family) {
        Objects.requireNonNull(family, "'family' is null");
        if (family == StandardProtocolFamily.INET6) {
            throw new UnsupportedOperationException("IPv6 not available");
        }
        if (family != StandardProtocolFamily.INET) {
            throw new UnsupportedOperationException("Protocol family not supported");
        }
    }

    /** Both ends. */
    private static final class StackPipe extends Pipe {
        private final SourceChannel source;
        private final SinkChannel sink;

        StackPipe(SourceChannel source, SinkChannel sink) {
            this.source = source;
            this.sink = sink;
        }

        @Override
        public SourceChannel source() {
            return source;
        }

        @Override
        public SinkChannel sink() {
            return sink;
        }
    }
}
