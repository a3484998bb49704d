package dev.towpath.net;

import dev.towpath.setup.DefaultStack;
import dev.towpath.stack.NetworkStack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/** Server sockets on a stack, for all who take a {@link ServerSocketFactory}; what they accept is on it too. */
public final class TowpathServerSocketFactory extends ServerSocketFactory {
    /** The JDK's. */
    private static final int DEFAULT_BACKLOG = 50;

    private final StackSource stack;

    /** Server sockets of the stack that the JVM shares ({@link DefaultStack}). */
    public TowpathServerSocketFactory() {
        this.stack = StackSource.DEFAULT;
    }

    /** Server sockets of {@code stack}. */
    public TowpathServerSocketFactory(NetworkStack stack) {
        this.stack = () -> stack;
    }

    /** Server sockets of the stack that the JVM shares. */
    public static ServerSocketFactory getDefault() {
        return new TowpathServerSocketFactory();
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
        return new StackServerSocket(stack);
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return bound(port, DEFAULT_BACKLOG, null);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        return bound(port, backlog, null);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress address) throws IOException {
        return bound(port, backlog, address);
    }

    private ServerSocket bound(int port, int backlog, @Nullable InetAddress address) throws IOException {
        ServerSocket socket = createServerSocket();
        try {
            socket.bind(new InetSocketAddress(address, port), backlog);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
