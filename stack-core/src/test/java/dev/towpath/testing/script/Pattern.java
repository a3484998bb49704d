package dev.towpath.testing.script;

import java.nio.ByteBuffer;

/**
 * The bytes that flow: each a function of its place in its stream, so that any piece anywhere can be checked without
 * remembering what was sent.
 */
public enum Pattern {
    /** What peers send. */
    PEER(0x5d),
    /** What applications on the stack send. */
    APP(0xa3);

    private final int salt;

    Pattern(int salt) {
        this.salt = salt;
    }

    /** The byte at {@code offset} in the stream; neighbours, and bytes a power of two apart, differ. */
    public byte at(long offset) {
        return (byte) (offset * 131 + (offset >>> 8) * 29 + (offset >>> 16) * 7 + salt);
    }

    /** The bytes from {@code from} to {@code to}, exclusive. */
    public byte[] bytes(long from, long to) {
        byte[] bytes = new byte[(int) (to - from)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = at(from + i);
        }
        return bytes;
    }

    /** Index of the first byte of {@code bytes} that is not what the stream has from {@code offset} on, or -1. */
    public int mismatch(long offset, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != at(offset + i)) {
                return i;
            }
        }
        return -1;
    }

    /** Appends stream bytes to {@code buffer} until it is full. */
    public void fill(long offset, ByteBuffer buffer) {
        for (long i = offset; buffer.hasRemaining(); i++) {
            buffer.put(at(i));
        }
    }
}
