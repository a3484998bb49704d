package dev.towpath.net;

import dev.towpath.setup.DefaultStack;
import dev.towpath.setup.Routes;
import dev.towpath.setup.StackProperties.Side;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code Socket} or a {@code ServerSocket} does its work with where the kernel has a part of the world. It begins
 * on the stack; when an address says that it is the kernel's, a socket of the kernel's takes over, with the options that
 * have been set.
 */
final class RoutedSocketImpl extends StreamSocketImpl {
    /** What has been set, to be set again. */
    private interface Setting {
        void on(KernelEnd end) throws IOException;
    }

    private final boolean server;
    private final List<Setting> settings = new ArrayList<>();
    private volatile @Nullable KernelEnd kernel;
    private boolean settled;
    private @Nullable InetSocketAddress bound;

    RoutedSocketImpl(boolean server) {
        super(StackSource.DEFAULT, server);
        this.server = server;
    }

    private static Routes routes() {
        return Objects.requireNonNull(DefaultStack.routes());
    }

    private void settleFor(SocketAddress decisive) throws IOException {
        if (settled || kernel != null || !Routes.isUsable(decisive)) {
            return;
        }
        Side side = routes().of(decisive);
        settled = true;
        if ((side == null ? routes().listen() : side) == Side.KERNEL) {
            KernelEnd end =
                    server ? new KernelEnd(null, new KernelServerSocket()) : new KernelEnd(new KernelSocket(), null);
            for (Setting each : settings) {
                each.on(end);
            }
            Socket client = end.client();
            if (client != null && bound != null) {
                client.bind(new InetSocketAddress(bound.getPort()));
            }
            abandon();
            kernel = end;
        }
    }

    @Override
    protected void connect(SocketAddress remote, int timeout) throws IOException {
        settleFor(remote);
        KernelEnd end = kernel;
        if (end == null) {
            super.connect(remote, timeout);
            return;
        }
        end.connected().connect(remote, timeout);
        adopt(end);
    }

    /** A connection: where it goes is where it is, and its fields are ours. */
    private void adopt(KernelEnd end) throws IOException {
        Socket connection = end.connected();
        address = connection.getInetAddress();
        port = connection.getPort();
        localport = connection.getLocalPort();
    }

    @Override
    protected void bind(InetAddress host, int newPort) throws IOException {
        InetSocketAddress local = new InetSocketAddress(host, newPort);
        if (server || !host.isAnyLocalAddress()) {
            settleFor(local);
        }
        KernelEnd end = kernel;
        if (end == null) {
            super.bind(host, newPort);
            bound = new InetSocketAddress(host, localport);
        } else if (server) {
            bound = local; // to be bound by listen, which knows how many may wait
            address = host;
            localport = newPort;
        } else {
            end.connected().bind(local);
            localport = end.connected().getLocalPort();
        }
    }

    @Override
    protected void listen(int backlog) throws IOException {
        KernelEnd end = kernel;
        if (end == null) {
            super.listen(backlog);
            return;
        }
        end.listener().bind(bound, backlog);
        localport = end.listener().getLocalPort();
    }

    @Override
    protected void accept(SocketImpl into) throws IOException {
        KernelEnd end = kernel;
        if (end == null) {
            super.accept(into);
        } else if (into instanceof RoutedSocketImpl accepting) {
            KernelEnd accepted = new KernelEnd(end.listener().accept(), null);
            accepting.settled = true;
            accepting.kernel = accepted;
            accepting.adopt(accepted);
        } else {
            throw new SocketException(
                    "a server socket of the kernel's accepts into sockets of Towpath's factory, not into "
                            + into.getClass().getName());
        }
    }

    @Override
    protected InputStream getInputStream() throws IOException {
        KernelEnd end = kernel;
        return end == null ? super.getInputStream() : end.connected().getInputStream();
    }

    @Override
    protected OutputStream getOutputStream() throws IOException {
        KernelEnd end = kernel;
        return end == null ? super.getOutputStream() : end.connected().getOutputStream();
    }

    @Override
    protected int available() throws IOException {
        return getInputStream().available();
    }

    @Override
    protected void close() throws IOException {
        KernelEnd end = kernel;
        if (end != null) {
            end.close();
        }
        super.close();
    }

    @Override
    protected void shutdownInput() throws IOException {
        KernelEnd end = kernel;
        if (end == null) {
            super.shutdownInput();
        } else {
            end.connected().shutdownInput();
        }
    }

    @Override
    protected void shutdownOutput() throws IOException {
        KernelEnd end = kernel;
        if (end == null) {
            super.shutdownOutput();
        } else {
            end.connected().shutdownOutput();
        }
    }

    @Override
    protected boolean supportsUrgentData() {
        return kernel != null;
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        KernelEnd end = kernel;
        if (end == null) {
            super.sendUrgentData(data);
        } else {
            end.connected().sendUrgentData(data);
        }
    }

    @Override
    public void setOption(int option, Object value) throws SocketException {
        KernelEnd end = kernel;
        if (end == null) {
            super.setOption(option, value);
            settings.add(later -> later.set(option, value));
        } else {
            end.set(option, value);
        }
    }

    @Override
    public Object getOption(int option) throws SocketException {
        KernelEnd end = kernel;
        return end == null ? super.getOption(option) : end.get(option);
    }

    @Override
    protected <T> void setOption(SocketOption<T> name, T value) throws IOException {
        KernelEnd end = kernel;
        if (end == null) {
            super.setOption(name, value);
            settings.add(later -> later.set(name, value));
        } else {
            end.set(name, value);
        }
    }

    @Override
    protected <T> T getOption(SocketOption<T> name) throws IOException {
        KernelEnd end = kernel;
        return end == null ? super.getOption(name) : end.get(name);
    }

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        KernelEnd end = kernel;
        return end == null ? super.supportedOptions() : end.supported();
    }
}
