package dev.towpath.nio;

import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.ReadyList;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectionKey;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/** A channel's registration with a selector. */
final class TowpathKey extends AbstractSelectionKey {
    private static final AtomicIntegerFieldUpdater<TowpathKey> INTEREST =
            AtomicIntegerFieldUpdater.newUpdater(TowpathKey.class, "interestOps");

    private final StackChannel channel;
    private final TowpathSelector selector;
    private final ReadyList.Interest interest;

    private volatile int interestOps;
    private volatile int readyOps;

    /** Where it is in {@link SelectedKeys}, which alone uses this. */
    int selectedAt = -1;

    TowpathKey(StackChannel channel, TowpathSelector selector, ReadyList list) throws ErrnoException {
        this.channel = channel;
        this.selector = selector;
        this.interest = list.watch(channel.pollable(), this);
    }

    @Override
    public SelectableChannel channel() {
        return (SelectableChannel) channel;
    }

    @Override
    public Selector selector() {
        return selector;
    }

    @Override
    public int interestOps() {
        ensureValid();
        return interestOps;
    }

    @Override
    public SelectionKey interestOps(int ops) {
        checkOps(ops);
        if (INTEREST.getAndSet(this, ops) != ops) {
            interestChanged();
        }
        return this;
    }

    @Override
    public int interestOpsOr(int ops) {
        checkOps(ops);
        int before = INTEREST.getAndUpdate(this, now -> now | ops);
        if ((before | ops) != before) {
            interestChanged();
        }
        return before;
    }

    @Override
    public int interestOpsAnd(int ops) {
        ensureValid();
        int before = INTEREST.getAndUpdate(this, now -> now & ops);
        if ((before & ops) != before) {
            interestChanged();
        }
        return before;
    }

    @Override
    public int readyOps() {
        ensureValid();
        return readyOps;
    }

    private void checkOps(int ops) {
        ensureValid();
        if ((ops & ~channel().validOps()) != 0) {
            throw new IllegalArgumentException("the operations " + ops + " are not among the channel's valid ones, "
                    + channel().validOps());
        }
    }

    private void ensureValid() {
        if (!isValid()) {
            throw new CancelledKeyException();
        }
    }

    /**
     * From the next selection on it counts. As in the JDK, who is interested in nothing hears of errors neither: a key
     * that somebody has turned off for a while would be ready all the time.
     */
    private void interestChanged() {
        int ops = interestOps;
        if (ops == 0) {
            interest.suspend();
        } else {
            interest.events(channel.pollEvents(ops));
        }
        if (interestOps != ops) {
            interestChanged(); // another thread has changed it meanwhile, and ours may have come last
        }
    }

    /** It has been cancelled. */
    void end() {
        interest.cancel();
    }

    StackChannel stackChannel() {
        return channel;
    }

    /** What {@code events} of the channel make ready. */
    int translated(int events) {
        return StackChannel.readyOps(channel, events, interestOps);
    }

    int readyNow() {
        return readyOps;
    }

    void readyNow(int ops) {
        readyOps = ops;
    }

    @Override
    public String toString() {
        return isValid()
                ? "channel=" + channel + ", selector=" + selector + ", interestOps=" + interestOps + ", readyOps="
                        + readyOps
                : "channel=" + channel + ", selector=" + selector + ", invalid";
    }
}
