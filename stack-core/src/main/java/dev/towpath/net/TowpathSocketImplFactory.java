package dev.towpath.net;

import dev.towpath.setup.DefaultStack;
import dev.towpath.stack.NetworkStack;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketImpl;
import java.net.SocketImplFactory;

/**
 * Puts the sockets of a whole program on a stack: {@link #install}. An object of this class is what
 * {@link Socket#setSocketImplFactory} or {@link ServerSocket#setSocketFactory} takes, for who sets only one of them.
 */
public final class TowpathSocketImplFactory implements SocketImplFactory {
    private final StackSource stack;
    private final boolean server;

    private TowpathSocketImplFactory(StackSource stack, boolean server) {
        this.stack = stack;
        this.server = server;
    }

    /** For {@link Socket#setSocketImplFactory}. */
    public static TowpathSocketImplFactory forSockets(NetworkStack stack) {
        return new TowpathSocketImplFactory(() -> stack, false);
    }

    /**
     * For {@link ServerSocket#setSocketFactory}. What such a server socket accepts comes from the factory that
     * {@link Socket#setSocketImplFactory} was given, so that must be set too.
     */
    public static TowpathSocketImplFactory forServerSockets(NetworkStack stack) {
        return new TowpathSocketImplFactory(() -> stack, true);
    }

    /**
     * From now on every new {@link Socket}, {@link ServerSocket} and {@link DatagramSocket} of the JVM is on the stack
     * that the JVM shares ({@link DefaultStack}), which is started when the first of them is. The JVM allows this
     * once.
     *
     * @throws IOException if somebody has set one of the three factories before; which one is in the message
     */
    public static void install() throws IOException {
        install(StackSource.DEFAULT);
    }

    /** The same for sockets of {@code stack}. */
    public static void install(NetworkStack stack) throws IOException {
        install(() -> stack);
    }

    @SuppressWarnings(
            "deprecation") // the JDK would have programs choose channels instead; this is for those that did not
    private static void install(StackSource stack) throws IOException {
        set(
                "Socket.setSocketImplFactory",
                () -> Socket.setSocketImplFactory(new TowpathSocketImplFactory(stack, false)));
        set(
                "ServerSocket.setSocketFactory",
                () -> ServerSocket.setSocketFactory(new TowpathSocketImplFactory(stack, true)));
        set(
                "DatagramSocket.setDatagramSocketImplFactory",
                () -> DatagramSocket.setDatagramSocketImplFactory(new TowpathDatagramSocketImplFactory(stack)));
    }

    private interface Setter {
        void set() throws IOException;
    }

    private static void set(String name, Setter setter) throws IOException {
        try {
            setter.set();
        } catch (IOException e) {
            throw new IOException(
                    name + " has been called before in this JVM, and Java allows it once: install Towpath's factories"
                            + " before anything else sets its own, for instance with the Java agent",
                    e);
        }
    }

    @Override
    public SocketImpl createSocketImpl() {
        return stack == StackSource.DEFAULT && StackSource.isDivided()
                ? new RoutedSocketImpl(server)
                : new StreamSocketImpl(stack, server);
    }
}
