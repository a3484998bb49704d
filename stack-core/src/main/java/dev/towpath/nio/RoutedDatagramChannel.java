package dev.towpath.nio;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A channel of datagrams whose side is decided by the address that it is bound or connected to, or first sends to. Who
 * receives before that receives where sockets without an address belong.
 */
final class RoutedDatagramChannel extends DatagramChannel implements RoutedChannel {
    private final Exchange<DatagramChannel> exchange;
    private @Nullable RoutedDatagramSocket adaptor;

    RoutedDatagramChannel(RoutingSelectorProvider provider, Exchange.Opener<DatagramChannel> opener)
            throws IOException {
        super(provider);
        this.exchange = new Exchange<>(provider, this, opener, opener.open(provider.towpath()));
    }

    /** Stands for {@code kernels}, whose side is known. */
    RoutedDatagramChannel(RoutingSelectorProvider provider, DatagramChannel kernels) {
        super(provider);
        this.exchange = new Exchange<>(provider, this, side -> kernels, kernels);
        exchange.settle();
    }

    @Override
    public DatagramChannel bind(@Nullable SocketAddress local) throws IOException {
        exchange.bind(local, DatagramChannel::bind);
        return this;
    }

    @Override
    public DatagramChannel connect(SocketAddress remote) throws IOException {
        exchange.settleFor(remote);
        try {
            DatagramChannel ignored = actual().connect(remote);
            return this;
        } finally {
            exchange.follow();
        }
    }

    @Override
    public DatagramChannel disconnect() throws IOException {
        DatagramChannel ignored = actual().disconnect();
        return this;
    }

    @Override
    public int send(ByteBuffer from, SocketAddress target) throws IOException {
        exchange.settleFor(target);
        try {
            return actual().send(from, target);
        } finally {
            exchange.follow();
        }
    }

    @Override
    public @Nullable SocketAddress receive(ByteBuffer into) throws IOException {
        exchange.settleForListening();
        try {
            return actual().receive(into);
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
    public MembershipKey join(InetAddress group, NetworkInterface nic) throws IOException {
        exchange.settleFor(new InetSocketAddress(group, 0));
        return actual().join(group, nic);
    }

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface nic, InetAddress source) throws IOException {
        exchange.settleFor(new InetSocketAddress(group, 0));
        return actual().join(group, nic, source);
    }

    @Override
    public <T> DatagramChannel setOption(SocketOption<T> name, T value) throws IOException {
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
    public DatagramSocket socket() {
        synchronized (exchange) {
            if (adaptor == null) {
                adaptor = new RoutedDatagramSocket(this);
            }
            return adaptor;
        }
    }

    /** {@code remote} decides, unless something has before. */
    void settleFor(SocketAddress remote) throws IOException {
        exchange.settleFor(remote);
    }

    /** Whoever receives from anybody receives where sockets without an address belong. */
    void settleForListening() throws IOException {
        exchange.settleForListening();
    }

    @Override
    public boolean isConnected() {
        return actual().isConnected();
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
    public DatagramChannel actual() {
        return exchange.actual();
    }

    @Override
    public String toString() {
        return actual().toString();
    }
}
