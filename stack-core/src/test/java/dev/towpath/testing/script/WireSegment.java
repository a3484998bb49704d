package dev.towpath.testing.script;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A TCP segment as it is on the wire, absolute numbers and all, for tests only: written and read by
 * {@link SegmentCodec}, which shares no line with the stack's own header code.
 *
 * @param sequence SEG.SEQ
 * @param acknowledgment SEG.ACK, whether or not the flag is set
 * @param flags the {@link Flag} bits
 * @param window the 16 bits, unscaled
 * @param urgent the urgent pointer
 * @param options what was understood of the options
 * @param payload its data
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares whole segments
public record WireSegment(
        int sequence, int acknowledgment, int flags, int window, int urgent, Options options, byte[] payload) {

    /** Bits of the flags field. */
    public static final class Flag {
        /** No more data from sender. */
        public static final int FIN = 1;
        /** Synchronise sequence numbers. */
        public static final int SYN = 2;
        /** Reset the connection. */
        public static final int RST = 4;
        /** Push function. */
        public static final int PSH = 8;
        /** Acknowledgment field is significant. */
        public static final int ACK = 16;
        /** Urgent pointer field is significant. */
        public static final int URG = 32;
        /** ECN echo. */
        public static final int ECE = 64;
        /** Congestion window reduced. */
        public static final int CWR = 128;

        private Flag() {}
    }

    /** A SACK block (RFC 2018), absolute: from {@code left} to {@code right}, exclusive. */
    public record Block(int left, int right) {}

    /** A timestamps option (RFC 7323). */
    public record Timestamps(int value, int echo) {}

    /**
     * The options that scripts speak of; null where absent.
     *
     * @param bytes what is written instead of all the others, in hexadecimal; empty if there is no such
     */
    public record Options(
            @Nullable Integer mss,
            @Nullable Integer windowScale,
            boolean sackPermitted,
            @Nullable Timestamps timestamps,
            List<Block> sack,
            String bytes) {
        /** Options as they should be. */
        public Options(
                @Nullable Integer mss,
                @Nullable Integer windowScale,
                boolean sackPermitted,
                @Nullable Timestamps timestamps,
                List<Block> sack) {
            this(mss, windowScale, sackPermitted, timestamps, sack, "");
        }

        /** No option at all. */
        public static final Options NONE = new Options(null, null, false, null, List.of());
    }

    /** True if all of {@code bits} are set. */
    public boolean has(int bits) {
        return (flags & bits) == bits;
    }

    /** Sequence numbers that it takes: data, SYN and FIN. */
    public int length() {
        return payload.length + (has(Flag.SYN) ? 1 : 0) + (has(Flag.FIN) ? 1 : 0);
    }

    /** Letters of the flags, as tcpdump has them. */
    public String flagLetters() {
        return flagLetters(flags);
    }

    static String flagLetters(int flags) {
        String letters = "FSRPAUEC";
        StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < letters.length(); bit++) {
            if ((flags >> bit & 1) != 0) {
                text.append(letters.charAt(bit));
            }
        }
        return text.isEmpty() ? "-" : text.toString();
    }
}
