package dev.towpath.link;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes any device worse: loss, duplication, reordering, corruption, delay, jitter and a limited rate, for each
 * direction on its own, all determined by a seed. Times are exact in virtual time, and as exact as the driver in real
 * time: frames that are held fall due at {@link #nextEventNanos}, and {@link #receive} lets them go, those on their way
 * out too.
 *
 * <p>It offers no offloads, so that a stack gives it single packets with complete checksums, which is what the
 * probabilities are about. What it receives may still be a super-segment if the device below or the stack at its other
 * end has offloads, and is then treated as one frame: open a TAP without offload, and use {@link MemoryLink#PLAIN}.
 */
public final class ImpairedDevice extends Decorator {
    /** Frames taken from the device in one call at most, so that a flood does not keep the driver here. */
    private static final int BATCH = 256;

    /** Held for each call: the stack may close the device from any thread. */
    private final ReentrantLock lock = new ReentrantLock();

    private final ImpairedPath outbound;
    private final ImpairedPath inbound;
    private boolean closed;

    /**
     * Impairs {@code device}.
     *
     * @param outbound what happens to frames that the stack sends
     * @param inbound what happens to frames that it receives
     * @param seed what all of it follows from
     * @param frames where duplicates come from
     */
    public ImpairedDevice(LinkDevice device, Impairment outbound, Impairment inbound, long seed, FramePool frames) {
        super(device);
        this.outbound = new ImpairedPath(outbound, seed, "outbound", frames);
        this.inbound = new ImpairedPath(inbound, seed, "inbound", frames);
    }

    @Override
    public LinkFeatures features() {
        return LinkFeatures.NONE;
    }

    @Override
    public boolean send(Frame frame, long nowNanos) {
        lock.lock();
        try {
            if (closed) {
                frame.release();
                return false;
            }
            sendDue(nowNanos);
            boolean admitted = outbound.admit(frame, nowNanos);
            sendDue(nowNanos);
            return admitted;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable Frame receive(long nowNanos) {
        lock.lock();
        try {
            if (closed) {
                return null;
            }
            sendDue(nowNanos);
            Frame due = inbound.take(nowNanos);
            for (int i = 0; due == null && i < BATCH; i++) {
                Frame arrived = device.receive(nowNanos);
                if (arrived == null) {
                    break;
                }
                boolean ignored = inbound.admit(arrived, nowNanos);
                due = inbound.take(nowNanos);
            }
            return due;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long nextEventNanos() {
        lock.lock();
        try {
            long held = Math.min(outbound.nextDueNanos(), inbound.nextDueNanos());
            return Math.min(held, device.nextEventNanos());
        } finally {
            lock.unlock();
        }
    }

    /** What has happened to frames that the stack sent. */
    public ImpairmentCounts outbound() {
        lock.lock();
        try {
            return outbound.counts();
        } finally {
            lock.unlock();
        }
    }

    /** What has happened to frames on their way to the stack. */
    public ImpairmentCounts inbound() {
        lock.lock();
        try {
            return inbound.counts();
        } finally {
            lock.unlock();
        }
    }

    /** Frames on their way are lost. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            outbound.releaseAll();
            inbound.releaseAll();
        } finally {
            lock.unlock();
        }
        super.close();
    }

    private void sendDue(long nowNanos) {
        for (Frame frame = outbound.take(nowNanos); frame != null; frame = outbound.take(nowNanos)) {
            boolean ignored = device.send(frame, nowNanos);
        }
    }
}
