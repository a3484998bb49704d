package dev.towpath.bench.tap;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** The C library and off-heap memory for its calls. */
final class KernelMemory {
    /** The C library. */
    static final KernelCalls CALLS = LibraryLoader.create(KernelCalls.class)
            .mapper((name, context) -> name.replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT))
            .load("c");

    private static final Runtime RUNTIME = Runtime.getRuntime(CALLS);

    private KernelMemory() {}

    /** errno of this thread's last call. */
    static int errno() {
        return RUNTIME.getLastError();
    }

    /** Zeroed memory in the machine's byte order. Its address holds as long as the buffer is reachable. */
    static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /** Where {@code memory} begins. */
    static long address(ByteBuffer memory) {
        return Pointer.wrap(RUNTIME, memory).address();
    }
}
