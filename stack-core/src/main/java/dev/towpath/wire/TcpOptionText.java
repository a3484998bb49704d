package dev.towpath.wire;

import java.nio.ByteBuffer;

/**
 * The part of {@link PacketText} that knows TCP's options (RFC 9293 section 3.2, RFC 7323, RFC 2018), by their numbers
 * on the wire.
 */
final class TcpOptionText {
    private static final int END = 0;
    private static final int NO_OPERATION = 1;
    private static final int MAXIMUM_SEGMENT_SIZE = 2;
    private static final int WINDOW_SCALE = 3;
    private static final int SACK_PERMITTED = 4;
    private static final int SACK = 5;
    private static final int TIMESTAMPS = 8;

    private TcpOptionText() {}

    /** Appends {@code  <mss 1460,nop,ws 7>}, or nothing if there are no options. */
    static void append(StringBuilder text, ByteBuffer bytes, int from, int end) {
        if (from >= end) {
            return;
        }
        text.append(" <");
        int at = from;
        while (at < end) {
            int kind = bytes.get(at) & 0xff;
            text.append(at > from ? "," : "");
            if (kind == END) {
                text.append("eol");
                break;
            }
            if (kind == NO_OPERATION) {
                text.append("nop");
                at++;
                continue;
            }
            int length = at + 1 < end ? bytes.get(at + 1) & 0xff : 0;
            if (length < 2 || at + length > end) {
                text.append("bad option ").append(kind);
                break;
            }
            option(text, bytes, at, kind, length);
            at += length;
        }
        text.append('>');
    }

    private static void option(StringBuilder text, ByteBuffer bytes, int at, int kind, int length) {
        if (kind == MAXIMUM_SEGMENT_SIZE && length == 4) {
            text.append("mss ").append(bytes.getShort(at + 2) & 0xffff);
        } else if (kind == WINDOW_SCALE && length == 3) {
            text.append("ws ").append(bytes.get(at + 2) & 0xff);
        } else if (kind == SACK_PERMITTED && length == 2) {
            text.append("sackOK");
        } else if (kind == TIMESTAMPS && length == 10) {
            text.append("ts ").append(unsigned(bytes, at + 2)).append(' ').append(unsigned(bytes, at + 6));
        } else if (kind == SACK && length % 8 == 2) {
            text.append("sack");
            for (int edge = at + 2; edge < at + length; edge += 8) {
                text.append(' ').append(unsigned(bytes, edge)).append(':').append(unsigned(bytes, edge + 4));
            }
        } else {
            text.append("option ").append(kind).append(" of ").append(length);
        }
    }

    private static long unsigned(ByteBuffer bytes, int at) {
        return bytes.getInt(at) & 0xffff_ffffL;
    }
}
