package dev.towpath.nio;

import java.nio.ByteBuffer;
import java.util.Objects;

/** The checks that channels make of the buffers that they are given. */
final class Buffers {
    /** Nothing: what a place for a buffer holds between calls. */
    static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private Buffers() {}

    static void check(ByteBuffer[] buffers, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, buffers.length);
        for (int i = offset; i < offset + length; i++) {
            Objects.requireNonNull(buffers[i]);
        }
    }

    static boolean anyRemaining(ByteBuffer[] buffers, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (buffers[i].hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    static void checkWritable(ByteBuffer buffer) {
        if (buffer.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
    }

    static void checkWritable(ByteBuffer[] buffers, int offset, int length) {
        check(buffers, offset, length);
        for (int i = offset; i < offset + length; i++) {
            checkWritable(buffers[i]);
        }
    }
}
