package dev.towpath.wire;

import java.nio.ByteBuffer;

/**
 * TCP options (RFC 9293 section 3.2), parsed once per segment into this reused object. Malformed options end the
 * parsing; what came before them counts, as in all deployed stacks.
 *
 * <pre>
 *   kind 0            end of list        kind 3, length 3    window scale (RFC 7323 section 2)
 *   kind 1            no operation       kind 4, length 2    SACK permitted (RFC 2018 section 2)
 *   kind 2, length 4  maximum segment    kind 5, length 8n+2 SACK blocks (RFC 2018 section 3)
 *                     size               kind 8, length 10   timestamps (RFC 7323 section 3)
 * </pre>
 */
public final class TcpOptions {
    /** {@link #mss} and {@link #windowScale} where the option is absent. */
    public static final int ABSENT = -1;

    /** A shift beyond 14 is read as 14 (RFC 7323 section 2.3). */
    public static final int MAX_WINDOW_SCALE = 14;

    /** Bytes of the timestamps option with the padding before it (RFC 7323 appendix A). */
    public static final int TIMESTAMPS_LENGTH = 12;

    /** Most SACK blocks that a header has room for. */
    public static final int MAX_SACK_BLOCKS = 4;

    private static final int END = 0;
    private static final int NO_OPERATION = 1;
    private static final int MSS = 2;
    private static final int WINDOW_SCALE = 3;
    private static final int SACK_PERMITTED = 4;
    private static final int SACK = 5;
    private static final int TIMESTAMPS = 8;

    private static final int NOP_NOP_TIMESTAMPS = 0x0101_080a;

    /** Maximum segment size in bytes, or {@link #ABSENT}. */
    public int mss = ABSENT;

    /** Window scale shift, or {@link #ABSENT}. */
    public int windowScale = ABSENT;

    /** SACK is permitted. */
    public boolean sackPermitted;

    /** {@link #tsVal} and {@link #tsEcr} are there. */
    public boolean timestamps;

    /** The sender's clock. */
    public int tsVal;

    /** What it echoes of ours. */
    public int tsEcr;

    /** SACK blocks in {@link #sackStart} and {@link #sackEnd}. */
    public int sackCount;

    /** First number of each block. */
    public final int[] sackStart = new int[MAX_SACK_BLOCKS];

    /** The number behind the last of each block. */
    public final int[] sackEnd = new int[MAX_SACK_BLOCKS];

    /** Options that are all absent. */
    public TcpOptions() {}

    /** Makes them all absent. */
    public void clear() {
        mss = ABSENT;
        windowScale = ABSENT;
        sackPermitted = false;
        timestamps = false;
        sackCount = 0;
    }

    /** Reads the options that lie from {@code from} to {@code to}. Never throws for what they hold. */
    public void parse(ByteBuffer bytes, int from, int to) {
        clear();
        if (to - from == TIMESTAMPS_LENGTH && bytes.getInt(from) == NOP_NOP_TIMESTAMPS) {
            takeTimestamps(bytes, from + 2); // what nearly every segment has
            return;
        }
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
        } else if (kind == SACK_PERMITTED && length == 2) {
            sackPermitted = true;
        } else if (kind == SACK && length % 8 == 2) {
            takeSack(bytes, at + 2, length / 8);
        } else if (kind == TIMESTAMPS && length == 10) {
            takeTimestamps(bytes, at);
        }
    }

    private void takeTimestamps(ByteBuffer bytes, int at) {
        timestamps = true;
        tsVal = bytes.getInt(at + 2);
        tsEcr = bytes.getInt(at + 6);
    }

    private void takeSack(ByteBuffer bytes, int at, int blocks) {
        sackCount = Math.min(blocks, MAX_SACK_BLOCKS);
        for (int i = 0; i < sackCount; i++) {
            sackStart[i] = bytes.getInt(at + 8 * i);
            sackEnd[i] = bytes.getInt(at + 8 * i + 4);
        }
    }

    /** Writes an MSS option at {@code at}; returns the offset behind it. */
    public static int writeMss(ByteBuffer bytes, int at, int mss) {
        bytes.put(at, (byte) MSS).put(at + 1, (byte) 4).putShort(at + 2, (short) mss);
        return at + 4;
    }

    /** Writes a window scale option and the padding before it; returns the offset behind it. */
    public static int writeWindowScale(ByteBuffer bytes, int at, int shift) {
        bytes.putInt(at, NO_OPERATION << 24 | WINDOW_SCALE << 16 | 3 << 8 | shift);
        return at + 4;
    }

    /** Writes a SACK-permitted option and the padding before it; returns the offset behind it. */
    public static int writeSackPermitted(ByteBuffer bytes, int at) {
        bytes.putInt(at, NO_OPERATION << 24 | NO_OPERATION << 16 | SACK_PERMITTED << 8 | 2);
        return at + 4;
    }

    /** Writes a timestamps option and the padding before it; returns the offset behind it. */
    public static int writeTimestamps(ByteBuffer bytes, int at, int tsVal, int tsEcr) {
        bytes.putInt(at, NOP_NOP_TIMESTAMPS).putInt(at + 4, tsVal).putInt(at + 8, tsEcr);
        return at + TIMESTAMPS_LENGTH;
    }

    /** Writes {@code count} SACK blocks and the padding before them; returns the offset behind them. */
    public static int writeSack(ByteBuffer bytes, int at, int[] starts, int[] ends, int count) {
        bytes.putInt(at, NO_OPERATION << 24 | NO_OPERATION << 16 | SACK << 8 | (2 + 8 * count));
        int next = at + 4;
        for (int i = 0; i < count; i++) {
            bytes.putInt(next, starts[i]).putInt(next + 4, ends[i]);
            next += 8;
        }
        return next;
    }
}
