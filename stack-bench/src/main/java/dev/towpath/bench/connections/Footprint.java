package dev.towpath.bench.connections;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/**
 * What of this JVM's memory is in use after garbage collection.
 *
 * @param heapBytes objects on the heap
 * @param offHeapBytes direct buffers: rings and frames, in use and kept for reuse
 */
record Footprint(long heapBytes, long offHeapBytes) {
    private static final int COLLECTIONS = 4;

    /** After a collection a thread of the JVM's frees the direct buffers that nobody refers to. */
    private static final long FREEING_MILLIS = 200;

    /** Collects, and looks. */
    static Footprint measure() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            Thread.sleep(FREEING_MILLIS);
        }
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return new Footprint(heap, direct);
    }
}
