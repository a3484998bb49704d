package dev.towpath.ipv4;

import java.nio.ByteBuffer;

/**
 * The options of a received header (RFC 791 section 3.1). They are read only to see that they are well formed. What
 * they ask for is not done: record route and time stamp concern routers, security options are unused, and source routes
 * are ignored as RFC 7126 advises; such a packet is delivered here if it is addressed here, and its route is not used
 * for the answer.
 */
final class Ipv4Options {
    private static final int END = 0;
    private static final int NO_OPERATION = 1;

    private Ipv4Options() {}

    /** True if the bytes from {@code from} to {@code to} are whole options. */
    static boolean wellFormed(ByteBuffer bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int kind = bytes.get(at) & 0xff;
            if (kind == END) {
                return true;
            }
            if (kind == NO_OPERATION) {
                at++;
                continue;
            }
            int length = at + 1 < to ? bytes.get(at + 1) & 0xff : 0;
            if (length < 2 || length > to - at) {
                return false;
            }
            at += length;
        }
        return true;
    }
}
