package dev.towpath.nio;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A connection whose side is decided by the address that it is bound or connected to. */
final class RoutedSocketChannel extends SocketChannel implements RoutedChannel {
    private final Exchange<SocketChannel> exchange;
    private @Nullable RoutedSocket adaptor;

    RoutedSocketChannel(RoutingSelectorProvider provider, Exchange.Opener<SocketChannel> opener) throws IOException {
        super(provider);
        this.exchange = new Exchange<>(provider, this, opener, opener.open(provider.towpath()));
    }

    /** Stands for {@code kernels}, whose side is known. */
    RoutedSocketChannel(RoutingSelectorProvider provider, SocketChannel kernels) {
        super(provider);
        this.exchange = new Exchange<>(provider, this, side -> kernels, kernels);
        exchange.settle();
    }

    @Override
    public SocketChannel bind(@Nullable SocketAddress local) throws IOException {
        exchange.bind(local, SocketChannel::bind);
        return this;
    }

    @Override
    public boolean connect(SocketAddress remote) throws IOException {
        exchange.settleFor(remote);
        try {
            return actual().connect(remote);
        } finally {
            exchange.follow();
        }
    }

    @Override
    public boolean finishConnect() throws IOException {
        try {
            return actual().finishConnect();
        } finally {
            exchange.follow();
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        try {
            return actual().read(into);
        } finally {
            exchange.follow();
        }
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
        try {
            return actual().read(into, offset, length);
        } finally {
            exchange.follow();
        }
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        try {
            return actual().write(from);
        } finally {
            exchange.follow();
        }
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        try {
            return actual().write(from, offset, length);
        } finally {
            exchange.follow();
        }
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) throws IOException {
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
    public SocketChannel shutdownInput() throws IOException {
        SocketChannel ignored = actual().shutdownInput();
        return this;
    }

    @Override
    public SocketChannel shutdownOutput() throws IOException {
        SocketChannel ignored = actual().shutdownOutput();
        return this;
    }

    @Override
    public Socket socket() {
        Socket ignored = actual().socket(); // UNIX-domain channels have none, and say so
        synchronized (exchange) {
            if (adaptor == null) {
                adaptor = RoutedSocket.of(this);
            }
            return adaptor;
        }
    }

    /** {@code remote} decides, unless something has before. */
    void settleFor(SocketAddress remote) throws IOException {
        exchange.settleFor(remote);
    }

    /** What closes the channel that does the work closes this one. */
    void follow() throws IOException {
        exchange.follow();
    }

    @Override
    public boolean isConnected() {
        return actual().isConnected();
    }

    @Override
    public boolean isConnectionPending() {
        return actual().isConnectionPending();
    }

    @Override
    public @Nullable SocketAddress getRemoteAddress() throws IOException {
        return actual().getRemoteAddress();
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
    public SocketChannel actual() {
        return exchange.actual();
    }

    @Override
    public String toString() {
        return actual().toString();
    }
}
