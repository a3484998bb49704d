package dev.towpath.tap;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;

/**
 * Runs an action when the thread between {@link #enter} and {@link #leave} is interrupted. The JDK offers this to
 * selectors only, so this is one, which selects nothing. Allocates nothing after its first use.
 */
final class InterruptHook extends AbstractSelector {
    /** Nobody asks for it, and to load the JVM's here would be too early where that is to be ours. */
    @SuppressWarnings("NullAway")
    private static final SelectorProvider NO_PROVIDER = null;

    private final Runnable action;

    InterruptHook(Runnable action) {
        super(NO_PROVIDER);
        this.action = action;
    }

    /** From here on, and if the thread is interrupted already, at once. */
    void enter() {
        begin();
    }

    /** Not any more. */
    void leave() {
        end();
    }

    @Override
    public Selector wakeup() {
        action.run();
        return this;
    }

    @Override
    protected void implCloseSelector() {}

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int operations, Object attachment) {
        throw new UnsupportedOperationException("this selector only hears of interrupts");
    }

    @Override
    public Set<SelectionKey> keys() {
        return Set.of();
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        return Set.of();
    }

    @Override
    public int selectNow() {
        return 0;
    }

    @Override
    public int select(long timeoutMillis) {
        return 0;
    }

    @Override
    public int select() {
        return 0;
    }
}
