package dev.towpath.nio;

import dev.towpath.setup.Routes;
import dev.towpath.setup.StackProperties.Side;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The channel behind one whose side is not known yet. It begins on the stack, so that options are checked and
 * remembered as ever; when an address says that it is the kernel's after all, a channel of the kernel's takes over
 * options, mode, local port and keys.
 *
 * @param <C> what kind of channel
 */
final class Exchange<C extends AbstractSelectableChannel & NetworkChannel> {
    /** Opens a channel of this kind. */
    interface Opener<C> {
        /** On the side of {@code provider}. */
        C open(SelectorProvider provider) throws IOException;
    }

    /** Binds a channel of this kind. */
    interface Binder<C> {
        /** Null is any address and port. */
        Object bind(C channel, @Nullable SocketAddress local) throws IOException;
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final RoutingSelectorProvider provider;
    private final AbstractSelectableChannel outer;
    private final Opener<C> opener;
    private final Map<SocketOption<?>, Object> options = new LinkedHashMap<>();
    private final List<RoutedKey> keys = new ArrayList<>();
    private volatile C actual;
    private Side side = Side.TOWPATH;
    private boolean settled;
    private boolean bound;

    Exchange(RoutingSelectorProvider provider, AbstractSelectableChannel outer, Opener<C> opener, C first) {
        this.provider = provider;
        this.outer = outer;
        this.opener = opener;
        this.actual = first;
    }

    /** The channel of now. */
    C actual() {
        return actual;
    }

    /** From now on the side remains. */
    void settle() {
        lock.lock();
        try {
            settled = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@code remote} decides, unless something has before. To connect to 0.0.0.0 is to connect to oneself: there, where
     * who listens on it is.
     */
    void settleFor(SocketAddress remote) throws IOException {
        lock.lock();
        try {
            if (!settled && actual.isOpen() && Routes.isUsable(remote)) {
                settled = true;
                Side wanted = provider.routes().of(remote);
                moveTo(wanted == null ? provider.routes().listen() : wanted, true);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whoever receives from anybody, unbound or bound to no address, receives where such sockets belong. */
    void settleForListening() throws IOException {
        lock.lock();
        try {
            if (!settled && actual.isOpen()) {
                settled = true;
                moveTo(provider.routes().listen(), true);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Binds on the side whose address {@code local} is. A wildcard leaves the decision to the destination; until then
     * the port is reserved where sockets without an address belong.
     */
    void bind(@Nullable SocketAddress local, Binder<C> binder) throws IOException {
        lock.lock();
        try {
            Side wanted = provider.routes().of(local);
            if (!settled && !bound && actual.isOpen()) {
                moveTo(wanted == null ? provider.routes().listen() : wanted, false);
            }
            Object ignored = binder.bind(actual, local);
            settled |= wanted != null;
            bound = true;
        } finally {
            lock.unlock();
        }
    }

    /** Sets an option here, and on what may take over. */
    <T> void setOption(SocketOption<T> name, T value) throws IOException {
        lock.lock();
        try {
            set(actual, name, value);
            options.put(name, value);
        } finally {
            lock.unlock();
        }
    }

    /** The mode of the channel of now. */
    void configureBlocking(boolean block) throws IOException {
        lock.lock();
        try {
            for (RoutedKey key : keys) {
                if (!key.isValid()) {
                    key.cancelInner(); // a cancelled key forbids nothing, even before the next selection
                }
            }
            actual.configureBlocking(block);
        } finally {
            lock.unlock();
        }
    }

    /** {@code key} is to select by the channel of now and by the one to come. */
    void join(RoutedKey key) throws IOException {
        lock.lock();
        try {
            keys.add(key);
            key.selectBy(actual);
        } finally {
            lock.unlock();
        }
    }

    /** It has ended. */
    void leave(RoutedKey key) {
        lock.lock();
        try {
            keys.remove(key);
        } finally {
            lock.unlock();
        }
    }

    /** Closes the channel of now. */
    void close() throws IOException {
        C now;
        lock.lock();
        try {
            settled = true;
            now = actual;
        } finally {
            lock.unlock();
        }
        now.close();
    }

    /** An interrupt, a refused connection and the like close a channel: the one that stands for it is closed, too. */
    void follow() throws IOException {
        if (!actual.isOpen()) {
            outer.close();
        }
    }

    private void moveTo(Side wanted, boolean rebind) throws IOException {
        if (wanted == side) {
            return;
        }
        C next = opener.open(provider.provider(wanted));
        C before = actual;
        try {
            next.configureBlocking(before.isBlocking());
            for (Map.Entry<SocketOption<?>, Object> each : options.entrySet()) {
                if (next.supportedOptions().contains(each.getKey())) {
                    setUnchecked(next, each.getKey(), each.getValue());
                }
            }
            if (rebind && bound) {
                NetworkChannel ignored = next.bind(portOf(before));
            }
            for (RoutedKey key : keys) {
                key.selectBy(next);
            }
        } catch (IOException | RuntimeException e) {
            next.close();
            throw e;
        }
        actual = next;
        side = wanted;
        before.close();
    }

    /** No address, and the port that the program has seen. */
    private static SocketAddress portOf(NetworkChannel channel) throws IOException {
        return new InetSocketAddress(channel.getLocalAddress() instanceof InetSocketAddress inet ? inet.getPort() : 0);
    }

    @SuppressWarnings("unchecked") // what was set once as an option's value is one
    private static <T> void setUnchecked(NetworkChannel channel, SocketOption<T> name, Object value)
            throws IOException {
        set(channel, name, (T) value);
    }

    private static <T> void set(NetworkChannel channel, SocketOption<T> name, T value) throws IOException {
        NetworkChannel ignored = channel.setOption(name, value);
    }
}
