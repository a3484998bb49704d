package dev.towpath.nio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.IllegalSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Selects among channels of the stack and of the kernel at once, with a selector of each side inside. As long as there
 * is no channel of the kernel's, whoever selects waits in the stack's selector, and so drives the stack. When there are
 * some, it waits in the kernel's, and the stack wakes that when it has something.
 */
final class RoutedSelector extends AbstractSelector {
    private final RoutingSelectorProvider routing;
    private final TowpathSelector towpath;
    private final Object kernelLock = new Object();
    private volatile @Nullable AbstractSelector kernel;

    private final Set<SelectionKey> keys = ConcurrentHashMap.newKeySet();
    private final Set<SelectionKey> keysView = Collections.unmodifiableSet(keys);
    private final Set<SelectionKey> selected = new HashSet<>();
    private final Set<SelectionKey> selectedView = new OnlyRemoval(selected);
    private final List<RoutedKey> found = new ArrayList<>();
    private final Consumer<SelectionKey> finding = this::find;

    private boolean selecting;
    /** The program wants the selection of now, or the next one, to end. */
    private volatile boolean woken;
    /** Somebody is about to wait, or waits: set before the last look at what could make that unnecessary. */
    private volatile boolean waiting;
    /** The same, and it will be in the kernel's selector, which the stack has to wake. */
    private volatile boolean waitingInKernel;

    RoutedSelector(RoutingSelectorProvider provider) throws IOException {
        super(provider);
        this.routing = provider;
        this.towpath = (TowpathSelector) provider.towpath().openSelector();
        towpath.onReady(this::stackReady);
    }

    @Override
    public Set<SelectionKey> keys() {
        ensureOpen();
        return keysView;
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        ensureOpen();
        return selectedView;
    }

    @Override
    public int selectNow() throws IOException {
        return selectFor(null, 0);
    }

    @Override
    public int select() throws IOException {
        return selectFor(null, -1);
    }

    @Override
    public int select(long timeout) throws IOException {
        return selectFor(null, nanos(timeout));
    }

    @Override
    public int select(Consumer<SelectionKey> action, long timeout) throws IOException {
        return selectFor(Objects.requireNonNull(action), nanos(timeout));
    }

    @Override
    public int selectNow(Consumer<SelectionKey> action) throws IOException {
        return selectFor(Objects.requireNonNull(action), 0);
    }

    @Override
    public int select(Consumer<SelectionKey> action) throws IOException {
        return selectFor(Objects.requireNonNull(action), -1);
    }

    @Override
    public Selector wakeup() {
        woken = true;
        changed();
        return this;
    }

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int ops, @Nullable Object attachment) {
        ensureOpen();
        RoutedKey key = new RoutedKey(channel, this, ops);
        key.attach(attachment);
        keys.add(key);
        try {
            if (channel instanceof RoutedChannel routed) {
                routed.join(key);
            } else if (channel instanceof StackChannel) {
                key.selectBy(channel);
            } else {
                throw new IllegalSelectorException(); // one that another provider has opened
            }
        } catch (IOException | RuntimeException e) {
            keys.remove(key);
            throw e instanceof RuntimeException known ? known : new UncheckedIOException((IOException) e);
        }
        return key;
    }

    @Override
    protected void implCloseSelector() throws IOException {
        wakeup();
        synchronized (this) {
            synchronized (selectedView) {
                for (SelectionKey each : keys) {
                    each.cancel();
                }
                removeCancelled();
                selected.clear();
                towpath.close();
                AbstractSelector other = kernel;
                if (other != null) {
                    other.close();
                }
            }
        }
    }

    /** The selector for a channel that does the work itself. */
    AbstractSelector innerFor(AbstractSelectableChannel actual) throws IOException {
        if (actual instanceof StackChannel) {
            return towpath;
        }
        synchronized (kernelLock) {
            AbstractSelector opened = kernel;
            if (opened == null) {
                opened = routing.kernel().openSelector();
                kernel = opened;
            }
            return opened;
        }
    }

    /** Something has been registered, which whoever waits has to take into account. */
    void changed() {
        if (waiting) {
            Selector ignored = towpath.wakeup();
            wakeKernel();
        }
    }

    /** Called by the stack, with its lock held. */
    private void stackReady() {
        if (waitingInKernel) {
            wakeKernel();
        }
    }

    private void wakeKernel() {
        AbstractSelector other = kernel;
        if (other != null) {
            Selector ignored = other.wakeup();
        }
    }

    private int selectFor(@Nullable Consumer<SelectionKey> action, long nanos) throws IOException {
        synchronized (this) {
            ensureOpen();
            if (selecting) {
                throw new IllegalStateException("a selection is under way, and its action can't begin another");
            }
            synchronized (selectedView) {
                selecting = true;
                try {
                    removeCancelled();
                    collect(nanos);
                    removeCancelled();
                    return handOut(action);
                } finally {
                    found.clear();
                    selecting = false;
                }
            }
        }
    }

    /** Until something is found, the program wants to go on, or the time is over. */
    private void collect(long nanos) throws IOException {
        long begun = System.nanoTime();
        long left = nanos;
        do {
            waiting = left != 0;
            boolean goOn = woken || Thread.currentThread().isInterrupted();
            lookOrWait(goOn ? 0 : left);
            left = nanos <= 0 ? nanos : Math.max(0, nanos - (System.nanoTime() - begun));
            if (goOn) {
                break;
            }
        } while (found.isEmpty() && left != 0 && isOpen());
        waiting = false;
        woken = false;
    }

    private void lookOrWait(long nanos) throws IOException {
        AbstractSelector other = kernel;
        if (other == null || other.keys().isEmpty()) {
            look(towpath, nanos);
            return;
        }
        waitingInKernel = nanos != 0;
        look(towpath, 0);
        look(other, found.isEmpty() ? nanos : 0);
        waitingInKernel = false;
        if (found.isEmpty()) {
            look(towpath, 0);
        }
    }

    private void look(AbstractSelector inner, long nanos) throws IOException {
        if (nanos == 0) {
            int ignored = inner.selectNow(finding);
        } else {
            // rounded up: a timer that is looked for too early is looked for again and again
            long millis = nanos < 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos + 999_999);
            int ignored = inner.select(finding, millis);
        }
    }

    private void find(SelectionKey inner) {
        if (inner.attachment() instanceof RoutedKey key && key.found(inner)) {
            found.add(key);
        }
    }

    /** Outside the selections of both sides, so that the action may do to keys and channels what it likes. */
    private int handOut(@Nullable Consumer<SelectionKey> action) {
        int updated = 0;
        for (RoutedKey key : found) {
            if (!key.isValid()) {
                continue;
            }
            if (action != null) {
                key.replaceReady();
                action.accept(key);
                ensureOpen();
                updated++;
            } else if (selected.add(key)) {
                key.replaceReady();
                updated++;
            } else if (key.addReady()) {
                updated++;
            }
        }
        return updated;
    }

    private void removeCancelled() throws IOException {
        Set<SelectionKey> cancelled = cancelledKeys();
        synchronized (cancelled) {
            for (SelectionKey each : cancelled) {
                RoutedKey key = (RoutedKey) each;
                keys.remove(key);
                selected.remove(key);
                deregister(key);
                key.end();
                if (key.channel() instanceof StackChannel channel
                        && !key.channel().isOpen()
                        && !key.channel().isRegistered()) {
                    channel.release();
                }
            }
            cancelled.clear();
        }
    }

    private void ensureOpen() {
        if (!isOpen()) {
            throw new ClosedSelectorException();
        }
    }

    private static long nanos(long timeoutMillis) {
        if (timeoutMillis < 0) {
            throw new IllegalArgumentException("a time-out of " + timeoutMillis + " ms is negative");
        }
        return timeoutMillis == 0 ? -1 : TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    }

    /** The selected keys as the program sees them: it may take out, and the selector puts in. */
    private static final class OnlyRemoval extends AbstractSet<SelectionKey> {
        private final Set<SelectionKey> set;

        OnlyRemoval(Set<SelectionKey> set) {
            this.set = set;
        }

        @Override
        public Iterator<SelectionKey> iterator() {
            return set.iterator();
        }

        @Override
        public int size() {
            return set.size();
        }

        @Override
        public boolean contains(@Nullable Object key) {
            return set.contains(key);
        }

        @Override
        public boolean remove(@Nullable Object key) {
            return set.remove(key);
        }

        @Override
        public void clear() {
            set.clear();
        }
    }
}
