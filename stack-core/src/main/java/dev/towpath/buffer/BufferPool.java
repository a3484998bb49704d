package dev.towpath.buffer;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Off-heap blocks of power-of-two sizes for rings and reassembly, under one budget in bytes for the whole stack. Not thread-safe: guarded by the stack's lock.
 */
public final class BufferPool {
    /** Smallest block. */
    public static final int SMALLEST = 4096;

    /** A pool that lends at most {@code budgetBytes} and keeps at most {@code retainBytes} for reuse. */
    public BufferPool(long budgetBytes, long retainBytes) {
        throw new UnsupportedOperationException();
    }

    /** A block of at least {@code bytes} (rounded up to a power of two), its contents arbitrary; null if the budget is spent. */
    public @Nullable ByteBuffer take(int bytes) {
        throw new UnsupportedOperationException();
    }

    /** Gives a block back. */
    public void give(ByteBuffer block) {
        throw new UnsupportedOperationException();
    }

    /** Bytes lent. */
    public long inUse() {
        throw new UnsupportedOperationException();
    }

    /** Bytes that may still be lent. */
    public long left() {
        throw new UnsupportedOperationException();
    }
}
