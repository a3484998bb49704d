package dev.towpath.net;

import java.nio.ByteBuffer;

/**
 * The buffer around the array that a program passes: kept for the next call, since streams pass the same array again
 * and again, and allocates nothing then.
 */
final class ArrayView {
    private ByteBuffer last = ByteBuffer.allocate(0);

    ByteBuffer of(byte[] array, int offset, int length) {
        if (last.array() != array) {
            last = ByteBuffer.wrap(array);
        }
        return last.limit(offset + length).position(offset);
    }
}
