package dev.towpath.nio;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A listener whose side is decided by the address that it is bound to. */
final class RoutedServerSocketChannel extends ServerSocketChannel implements RoutedChannel {
    private final RoutingSelectorProvider provider;
    private final Exchange<ServerSocketChannel> exchange;
    private @Nullable RoutedServerSocket adaptor;

    RoutedServerSocketChannel(RoutingSelectorProvider provider, Exchange.Opener<ServerSocketChannel> opener)
            throws IOException {
        super(provider);
        this.provider = provider;
        this.exchange = new Exchange<>(provider, this, opener, opener.open(provider.towpath()));
    }

    /** Stands for {@code kernels}, whose side is known. */
    RoutedServerSocketChannel(RoutingSelectorProvider provider, ServerSocketChannel kernels) {
        super(provider);
        this.provider = provider;
        this.exchange = new Exchange<>(provider, this, side -> kernels, kernels);
        exchange.settle();
    }

    @Override
    public ServerSocketChannel bind(@Nullable SocketAddress local, int backlog) throws IOException {
        exchange.bind(local, (channel, address) -> channel.bind(address, backlog));
        exchange.settle();
        return this;
    }

    @Override
    public @Nullable SocketChannel accept() throws IOException {
        try {
            SocketChannel accepted = actual().accept();
            return accepted == null ? null : routed(accepted);
        } finally {
            exchange.follow();
        }
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        exchange.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return actual().getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return actual().supportedOptions();
    }

    @Override
    public ServerSocket socket() {
        ServerSocket ignored = actual().socket(); // UNIX-domain channels have none, and say so
        synchronized (exchange) {
            if (adaptor == null) {
                adaptor = new RoutedServerSocket(this);
            }
            return adaptor;
        }
    }

    /** {@code accepted}, so that a selector of both sides takes it. */
    SocketChannel routed(SocketChannel accepted) {
        return new RoutedSocketChannel(provider, accepted);
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        return actual().getLocalAddress();
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        exchange.close();
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        exchange.configureBlocking(block);
    }

    @Override
    public void join(RoutedKey key) throws IOException {
        exchange.join(key);
    }

    @Override
    public void leave(RoutedKey key) {
        exchange.leave(key);
    }

    @Override
    public ServerSocketChannel actual() {
        return exchange.actual();
    }

    @Override
    public String toString() {
        return actual().toString();
    }
}
