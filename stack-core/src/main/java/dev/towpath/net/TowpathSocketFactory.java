package dev.towpath.net;

import dev.towpath.setup.DefaultStack;
import dev.towpath.stack.NetworkStack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sockets on a stack, for all who take a {@link SocketFactory}.
 *
 * <p>Libraries that want a class name instead, as JDBC drivers do ({@code socketFactory=dev.towpath.net.TowpathSocketFactory}
 * for PostgreSQL and MariaDB, {@code socketFactoryClass} for SQL Server), call the constructor without arguments or
 * {@link #getDefault}: the sockets are then on the stack that the JVM shares ({@link DefaultStack}).
 */
public final class TowpathSocketFactory extends SocketFactory {
    private final StackSource stack;

    /** Sockets of the stack that the JVM shares. */
    public TowpathSocketFactory() {
        this.stack = StackSource.DEFAULT;
    }

    /** Sockets of {@code stack}. */
    public TowpathSocketFactory(NetworkStack stack) {
        this.stack = () -> stack;
    }

    /** Sockets of the stack that the JVM shares. */
    public static SocketFactory getDefault() {
        return new TowpathSocketFactory();
    }

    @Override
    public Socket createSocket() throws SocketException {
        return new StackSocket(stack);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected(new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return connected(new InetSocketAddress(address, port), new InetSocketAddress(localAddress, localPort));
    }

    private Socket connected(SocketAddress peer, @Nullable SocketAddress local) throws IOException {
        Socket socket = createSocket();
        try {
            if (local != null) {
                socket.bind(local);
            }
            socket.connect(peer);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
