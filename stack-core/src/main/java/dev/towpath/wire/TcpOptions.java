package dev.towpath.wire;

import java.nio.ByteBuffer;

/**
 * TCP options (RFC 9293 section 3.2), parsed once per segment into this reused object. Malformed options end the parsing; what came before them counts,
 * as in all deployed stacks.
 *
 * <pre>
 *   kind 0            end of list        kind 2, length 4   maximum segment size
 *   kind 1            no operation       kind 3, length 3   window scale (RFC 7323 section 2)
 * </pre>
 */
public final class TcpOptions {
    /** {@link #mss} and {@link #windowScale} where the option is absent. */
    public static final int ABSENT = -1;

    /** Bytes of the options that {@link #writeSyn} writes with window scale, and without. */
    public static final int SYN_LENGTH = 8;

    /** Bytes of a lone MSS option. */
    public static final int MSS_LENGTH = 4;

    /** A shift beyond 14 is read as 14 (RFC 7323 section 2.3). */
    public static final int MAX_WINDOW_SCALE = 14;

    private static final int END = 0;
    private static final int NO_OPERATION = 1;
    private static final int MSS = 2;
    private static final int WINDOW_SCALE = 3;

    /** Maximum segment size in bytes, or {@link #ABSENT}. */
    public int mss = ABSENT;

    /** Window scale shift, or {@link #ABSENT}. */
    public int windowScale = ABSENT;

    /** Options that are all absent. */
    public TcpOptions() {}

    /** Reads the options that lie from {@code from} to {@code to}. Never throws for what they hold. */
    public void parse(ByteBuffer bytes, int from, int to) {
        mss = ABSENT;
        windowScale = ABSENT;
        int at = from;
        while (at < to) {
            int kind = bytes.get(at);
            if (kind == END) {
                return;
            }
            if (kind == NO_OPERATION) {
                at++;
                continue;
            }
            int length = at + 1 < to ? bytes.get(at + 1) & 0xff : 0;
            if (length < 2 || at + length > to) {
                return; // no length, or one that would never advance, or one beyond the header
            }
            take(bytes, at, kind, length);
            at += length;
        }
    }

    private void take(ByteBuffer bytes, int at, int kind, int length) {
        if (kind == MSS && length == 4) {
            mss = bytes.getShort(at + 2) & 0xffff;
        } else if (kind == WINDOW_SCALE && length == 3) {
            windowScale = Math.min(bytes.get(at + 2) & 0xff, MAX_WINDOW_SCALE);
        }
    }

    /** Writes a SYN's options at {@code at}; {@code windowScale} may be {@link #ABSENT}. Returns their length, a multiple of 4. */
    public static int writeSyn(ByteBuffer bytes, int at, int mss, int windowScale) {
        bytes.put(at, (byte) MSS).put(at + 1, (byte) 4).putShort(at + 2, (short) mss);
        if (windowScale == ABSENT) {
            return MSS_LENGTH;
        }
        bytes.put(at + 4, (byte) NO_OPERATION).put(at + 5, (byte) WINDOW_SCALE).put(at + 6, (byte) 3);
        bytes.put(at + 7, (byte) windowScale);
        return SYN_LENGTH;
    }
}
