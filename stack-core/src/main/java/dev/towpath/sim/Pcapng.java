package dev.towpath.sim;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes the capture format with names for interfaces and comments on packets (draft-ietf-opsawg-pcapng). Everything is
 * a block, and everything is padded to 32 bits:
 *
 * <pre>
 *   type | total length | body ... | options: (code, length, value) ..., end | total length
 * </pre>
 */
final class Pcapng {
    private static final int SECTION_HEADER = 0x0a0d0d0a;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int ENHANCED_PACKET = 6;
    private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
    private static final int UNKNOWN_LENGTH = -1;
    private static final short ETHERNET = 1;
    private static final int NO_LIMIT = 0;

    private static final int OPTION_END = 0;
    private static final int OPTION_COMMENT = 1;
    private static final int OPTION_INTERFACE_NAME = 2;
    private static final int OPTION_TIME_RESOLUTION = 9;
    private static final byte NANOSECONDS = 9;

    private static final int BLOCK_OVERHEAD = 12;
    private static final int MOST_TEXT = 1024;

    private final OutputStream out;

    /** Begins a file; whoever gave {@code out} closes it. */
    Pcapng(OutputStream out) throws IOException {
        this.out = out;
        ByteBuffer body = body(16);
        body.putInt(BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0); // version 1.0
        body.putInt(UNKNOWN_LENGTH).putInt(UNKNOWN_LENGTH);
        block(SECTION_HEADER, body);
    }

    /** The next interface; they count from 0. */
    void describeInterface(String name) throws IOException {
        ByteBuffer body = body(8 + MOST_TEXT + 32);
        body.putShort(ETHERNET).putShort((short) 0).putInt(NO_LIMIT);
        option(body, OPTION_INTERFACE_NAME, text(name));
        option(body, OPTION_TIME_RESOLUTION, new byte[] {NANOSECONDS});
        body.putInt(OPTION_END);
        block(INTERFACE_DESCRIPTION, body);
    }

    /** A packet on an interface; an empty comment is none. */
    void packet(int onInterface, long nanos, byte[] bytes, String comment) throws IOException {
        ByteBuffer body = body(20 + bytes.length + MOST_TEXT + 32);
        body.putInt(onInterface).putInt((int) (nanos >>> 32)).putInt((int) nanos);
        body.putInt(bytes.length).putInt(bytes.length).put(bytes);
        pad(body);
        if (!comment.isEmpty()) {
            option(body, OPTION_COMMENT, text(comment));
            body.putInt(OPTION_END);
        }
        block(ENHANCED_PACKET, body);
    }

    private static ByteBuffer body(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] text(String text) {
        String kept = text.length() > MOST_TEXT / 4 ? text.substring(0, MOST_TEXT / 4) : text;
        return kept.getBytes(StandardCharsets.UTF_8);
    }

    private static void option(ByteBuffer body, int code, byte[] value) {
        body.putShort((short) code).putShort((short) value.length).put(value);
        pad(body);
    }

    private static void pad(ByteBuffer body) {
        while (body.position() % 4 != 0) {
            body.put((byte) 0);
        }
    }

    private void block(int type, ByteBuffer body) throws IOException {
        int length = body.position() + BLOCK_OVERHEAD;
        ByteBuffer whole = body(length)
                .putInt(type)
                .putInt(length)
                .put(body.flip())
                .putInt(length)
                .flip();
        byte[] bytes = new byte[length];
        whole.get(bytes);
        out.write(bytes);
    }
}
