package dev.towpath.nio;

import dev.towpath.jdk.Exceptions;
import dev.towpath.socket.Errno;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.Pollable;
import dev.towpath.socket.ReadyList;
import dev.towpath.stack.NetworkStack;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.IllegalSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Collections;
import java.util.Iterator;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Selects among channels of one stack. Who selects drives the stack while it waits, like any thread that waits for one
 * of its sockets; a selection costs what is ready and what has changed, not what is registered, and allocates nothing.
 *
 * <p>As {@link Selector} demands, a selection holds the monitors of the selector and of the selected keys, in this
 * order. Interests change without either, and without the stack's lock: {@link ReadyList} carries them out when the
 * next selection begins.
 */
final class TowpathSelector extends AbstractSelector {
    private final ReadyList list;
    private final Set<SelectionKey> keys = ConcurrentHashMap.newKeySet();
    private final Set<SelectionKey> keysView = Collections.unmodifiableSet(keys);
    private final SelectedKeys selectedKeys = new SelectedKeys();
    private final ReadyList.Handler found = this::found;

    /** A selection is under way: one that its action begins is refused. */
    private boolean selecting;
    /** Takes the ready keys of the selection under way; without one they go to the selected keys. */
    private @Nullable Consumer<SelectionKey> action;
    /** Keys whose ready operations the selection under way has changed. */
    private int updated;

    TowpathSelector(TowpathSelectorProvider provider, NetworkStack stack) throws ErrnoException {
        super(provider);
        this.list = ReadyList.open(stack);
    }

    @Override
    public Set<SelectionKey> keys() {
        ensureOpen();
        return keysView;
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        ensureOpen();
        return selectedKeys;
    }

    @Override
    public int select() throws IOException {
        return selectFor(null, -1L);
    }

    @Override
    public int select(long timeout) throws IOException {
        return selectFor(null, nanos(timeout));
    }

    @Override
    public int selectNow() throws IOException {
        return selectFor(null, 0L);
    }

    @Override
    public int select(Consumer<SelectionKey> toCall) throws IOException {
        return select(toCall, 0L);
    }

    @Override
    public int select(Consumer<SelectionKey> toCall, long timeout) throws IOException {
        return selectFor(Objects.requireNonNull(toCall), nanos(timeout));
    }

    @Override
    public int selectNow(Consumer<SelectionKey> toCall) throws IOException {
        return selectFor(Objects.requireNonNull(toCall), 0L);
    }

    @Override
    public Selector wakeup() {
        list.wakeup();
        return this;
    }

    /**
     * From now on {@code called} is called, from within the stack, when a selection may have something to find: for who
     * waits elsewhere. It may only take note.
     */
    void onReady(Runnable called) {
        list.onReady(called);
    }

    /** As {@link Selector#select(long)} has it: 0 milliseconds are for ever. */
    private static long nanos(long timeoutMillis) {
        if (timeoutMillis < 0) {
            throw new IllegalArgumentException("Negative timeout: " + timeoutMillis);
        }
        return timeoutMillis == 0 ? -1 : TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    }

    private void ensureOpen() {
        if (!isOpen()) {
            throw new ClosedSelectorException();
        }
    }

    private int selectFor(@Nullable Consumer<SelectionKey> toCall, long timeoutNanos) throws IOException {
        synchronized (this) {
            ensureOpen();
            if (selecting) {
                throw new IllegalStateException("select in progress");
            }
            selecting = true;
            action = toCall;
            updated = 0;
            try {
                synchronized (selectedKeys) {
                    selection(timeoutNanos);
                }
                return updated;
            } finally {
                action = null;
                selecting = false;
            }
        }
    }

    private void selection(long timeoutNanos) throws IOException {
        endCancelled();
        try {
            await(timeoutNanos);
        } catch (ErrnoException e) {
            throw Exceptions.channel(e);
        }
        try {
            endCancelled(); // before the action is called, as in the JDK: what it cancels is a key until the next
            // selection
        } finally {
            int ignored = list.handOut(found);
        }
    }

    /** An interrupt wakes it up, and the thread stays interrupted. */
    private void await(long timeoutNanos) throws ErrnoException {
        if (timeoutNanos == 0) {
            int ignored = list.await(0);
            return;
        }
        boolean interrupted = false;
        try {
            begin();
            int ignored = list.await(timeoutNanos);
        } catch (ErrnoException e) {
            interrupted = e.errno() == Errno.EINTR;
            if (!interrupted) {
                throw e;
            }
        } finally {
            end();
        }
        if (interrupted) {
            list.forgetWakeup(); // that of the interrupt
            int ignored = list.await(0);
        }
    }

    /** One that {@link ReadyList} has found: the caller holds the monitors of a selection. */
    private void found(Pollable source, int events, @Nullable Object attachment) {
        if (!(attachment instanceof TowpathKey key) || !key.isValid()) {
            return;
        }
        int ready = key.translated(events);
        Consumer<SelectionKey> taker = action;
        if (taker != null) {
            key.readyNow(ready);
            if (ready != 0) {
                updated++;
                taker.accept(key);
                ensureOpen();
            }
        } else if (selectedKeys.contains(key)) {
            int before = key.readyNow();
            // As in the JDK: what was ready stays so until the key is taken out, but for errors, which show all anew.
            key.readyNow(StackChannel.over(events) ? ready : before | ready);
            updated += (ready & ~before) != 0 ? 1 : 0;
        } else {
            key.readyNow(ready);
            if (ready != 0) {
                selectedKeys.insert(key);
                updated++;
            }
        }
    }

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int ops, @Nullable Object attachment) {
        if (!(channel instanceof StackChannel ours)) {
            throw new IllegalSelectorException();
        }
        ensureOpen();
        TowpathKey key = newKey(ours);
        key.attach(attachment);
        keys.add(key);
        key.interestOps(ops);
        if (!isOpen()) { // and close may have looked at the keys before this one was among them
            keys.remove(key);
            key.cancel();
            key.end();
            throw new ClosedSelectorException();
        }
        return key;
    }

    private TowpathKey newKey(StackChannel channel) {
        try {
            return new TowpathKey(channel, this, list);
        } catch (ErrnoException ofAnotherStack) {
            IllegalSelectorException refused = new IllegalSelectorException();
            refused.initCause(ofAnotherStack);
            throw refused;
        }
    }

    /** Steps 1 and 3 of a selection: what has been cancelled is no key any more. */
    private void endCancelled() throws IOException {
        Set<SelectionKey> cancelled = cancelledKeys();
        synchronized (cancelled) {
            if (cancelled.isEmpty()) {
                return;
            }
            for (Iterator<SelectionKey> each = cancelled.iterator(); each.hasNext(); ) {
                SelectionKey key = each.next();
                each.remove();
                end((TowpathKey) key);
            }
        }
    }

    private void end(TowpathKey key) throws IOException {
        key.end();
        keys.remove(key);
        boolean ignored = selectedKeys.remove(key);
        deregister(key);
        if (!key.channel().isOpen() && !key.channel().isRegistered()) {
            key.stackChannel().release();
        }
    }

    @Override
    protected void implCloseSelector() throws IOException {
        wakeup();
        synchronized (this) {
            synchronized (selectedKeys) {
                for (SelectionKey key : keys) {
                    key.cancel();
                    end((TowpathKey) key);
                }
                endCancelled();
                list.close();
            }
        }
    }

    @Override
    public String toString() {
        return "selector of " + provider() + (isOpen() ? ", " + keys.size() + " keys" : ", closed");
    }
}
