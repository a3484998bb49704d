package dev.towpath.buffer;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Off-heap blocks of power-of-two sizes for rings and reassembly, under one budget in bytes for the whole stack. Not
 * thread-safe: guarded by the stack's lock.
 *
 * <p>A block belongs to whoever took it until it is given back, once. Blocks given back are kept for reuse, the last
 * one first, as long as all that are kept stay within the retained bytes; so the memory in use is at most the budget
 * and the retained bytes together.
 */
public final class BufferPool {
    /** Smallest block. */
    public static final int SMALLEST = 4096;

    /** What a ring gets as long as anything is left, so that many large ones starve none. */
    private static final int MODEST = 16 * SMALLEST;

    /** Largest block. */
    public static final int LARGEST = 1 << 30;

    private static final int SMALLEST_SHIFT = Integer.numberOfTrailingZeros(SMALLEST);
    private static final int CLASSES = Integer.numberOfTrailingZeros(LARGEST) - SMALLEST_SHIFT + 1;

    private final long retainBytes;
    private final SizeClass[] classes = new SizeClass[CLASSES];
    private long budgetBytes;
    private long inUse;
    private long retained;

    /** A pool that lends at most {@code budgetBytes} and keeps at most {@code retainBytes} for reuse. */
    public BufferPool(long budgetBytes, long retainBytes) {
        if (budgetBytes < 0 || retainBytes < 0) {
            throw new IllegalArgumentException(
                    "a pool can't lend " + budgetBytes + " bytes and keep " + retainBytes + ": give sizes from 0");
        }
        this.budgetBytes = budgetBytes;
        this.retainBytes = retainBytes;
        Arrays.setAll(classes, i -> new SizeClass());
    }

    /**
     * A block of at least {@code bytes} (rounded up to a power of two), its contents arbitrary; null if the budget is
     * spent.
     */
    public @Nullable ByteBuffer take(int bytes) {
        int size = blockSize(bytes);
        if (size > left()) {
            return null;
        }
        ByteBuffer block = sizeClass(size).pop();
        if (block != null) {
            retained -= size;
        } else {
            block = allocate(size);
        }
        inUse += block == null ? 0 : size;
        return block;
    }

    /**
     * As {@link #take}, but leaves something for others: the last eighth of the budget is lent in the smallest blocks
     * only, the last half in modest ones.
     */
    public @Nullable ByteBuffer takeFairly(int bytes) {
        int size = blockSize(bytes);
        return size > left() - keptFree(size) ? null : take(size);
    }

    private long keptFree(int size) {
        return size <= SMALLEST ? 0 : size <= MODEST ? budgetBytes / 8 : budgetBytes / 2;
    }

    /** The largest block that {@link #takeFairly} would lend now, or 0: more than that nobody should promise. */
    public int lendable() {
        int large = largestBlock(left() - keptFree(LARGEST));
        if (large > MODEST) {
            return large;
        }
        int modest = Math.min(MODEST, largestBlock(left() - keptFree(MODEST)));
        return modest > 0 ? modest : Math.min(SMALLEST, largestBlock(left()));
    }

    private static int largestBlock(long bytes) {
        return bytes < SMALLEST ? 0 : (int) Long.highestOneBit(Math.min(bytes, LARGEST));
    }

    /** So little is left that those who have some should not have to share it with newcomers. */
    public boolean scarce() {
        return left() < budgetBytes / 16;
    }

    /**
     * The JVM's own limit (-XX:MaxDirectMemorySize) may be below the budget: then what could be had is the budget from
     * now on.
     */
    private @Nullable ByteBuffer allocate(int size) {
        try {
            return ByteBuffer.allocateDirect(size);
        } catch (OutOfMemoryError e) {
            budgetBytes = inUse; // asking again would take the JVM half a second each time
            return null;
        }
    }

    /**
     * Counts {@code bytes} of somebody else's memory against the budget, as large blocks are; false if that does not
     * allow it.
     */
    public boolean charge(int bytes) {
        if (bytes > left() - keptFree(LARGEST)) {
            return false;
        }
        inUse += bytes;
        return true;
    }

    /** Undoes {@link #charge}. */
    public void refund(int bytes) {
        inUse -= bytes;
    }

    /** Gives a block back. */
    public void give(ByteBuffer block) {
        int size = block.capacity();
        if (size < SMALLEST || Integer.bitCount(size) != 1 || size > inUse) {
            throw new IllegalArgumentException("a block of " + size + " bytes was not taken from this pool");
        }
        inUse -= size;
        if (retained + size <= retainBytes) {
            retained += size;
            sizeClass(size).push(block.clear());
        }
    }

    /** Bytes lent. */
    public long inUse() {
        return inUse;
    }

    /** Bytes that may still be lent. */
    public long left() {
        return budgetBytes - inUse;
    }

    /** Bytes kept for reuse. */
    public long retained() {
        return retained;
    }

    /** The size of the block that {@link #take} lends for {@code bytes}. */
    public static int blockSize(int bytes) {
        if (bytes < 0 || bytes > LARGEST) {
            throw new IllegalArgumentException("a block has at most " + LARGEST + " bytes, not " + bytes);
        }
        return bytes <= SMALLEST ? SMALLEST : Integer.highestOneBit(bytes - 1) << 1;
    }

    private SizeClass sizeClass(int size) {
        return classes[Integer.numberOfTrailingZeros(size) - SMALLEST_SHIFT];
    }

    /** A stack of free blocks of one size. */
    private static final class SizeClass {
        private @Nullable ByteBuffer[] free = new @Nullable ByteBuffer[4];
        private int count;

        void push(ByteBuffer block) {
            if (count == free.length) {
                free = Arrays.copyOf(free, 2 * count);
            }
            free[count++] = block;
        }

        @Nullable
        ByteBuffer pop() {
            if (count == 0) {
                return null;
            }
            ByteBuffer block = free[--count];
            free[count] = null;
            return block;
        }
    }
}
