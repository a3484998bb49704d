package dev.towpath.tap;

import com.kenai.jffi.MemoryIO;
import dev.towpath.buffer.Frame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** The C library, loaded once, and what Java needs to call it: addresses of off-heap memory, errno, byte order. */
final class Native {
    private Native() {}

    /** Loading may fail, so it is put off until somebody asks. */
    private static final class Loaded {
        static final Libc LIBC = LibraryLoader.create(Libc.class).load("c");
        static final Runtime RUNTIME = Runtime.getRuntime(LIBC);
        static final MemoryIO MEMORY = MemoryIO.getInstance();
    }

    /**
     * The C library.
     *
     * @throws TapException if this is not 64-bit Linux, or JNR can't load its native part
     */
    static Libc libc() throws TapException {
        String system = System.getProperty("os.name", "") + " on " + System.getProperty("os.arch", "");
        if (!system.toLowerCase(Locale.ROOT).startsWith("linux") || !system.contains("64")) {
            throw new TapException(0, "a TAP device needs 64-bit Linux, and this is " + system);
        }
        try {
            return Loaded.LIBC;
        } catch (LinkageError e) {
            throw new TapException(
                    0,
                    "JNR can't load its native library (" + e.getMessage()
                            + "); it unpacks it into java.io.tmpdir, which must not be mounted noexec");
        }
    }

    /** errno of this thread's last call. */
    static int errno() {
        return Loaded.RUNTIME.getLastError();
    }

    /** The address of a direct buffer's first byte. */
    static long address(ByteBuffer direct) {
        return Pointer.wrap(Loaded.RUNTIME, direct).address();
    }

    /** The address of a frame's first byte, looked up once in its life. */
    static long address(Frame frame) {
        long address = frame.nativeAddress;
        if (address == 0) {
            address = address(frame.bytes());
            frame.nativeAddress = address;
        }
        return address;
    }

    /** As {@link #address(ByteBuffer)}, for the data path: allocates nothing. */
    static long addressNow(ByteBuffer direct) {
        return Loaded.MEMORY.getDirectBufferAddress(direct);
    }

    /** Zeroed off-heap memory in the machine's byte order. */
    static ByteBuffer memory(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
}
