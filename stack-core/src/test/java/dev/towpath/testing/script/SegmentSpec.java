package dev.towpath.testing.script;

import dev.towpath.testing.script.WireSegment.Flag;
import dev.towpath.testing.script.WireSegment.Timestamps;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A segment as a script writes it down, numbers relative to the initial sequence numbers. Sent by the peer, what is not
 * named continues from its last segment; expected from the stack, what is not named is not compared.
 *
 * <p>Of the flags, SYN, ACK, FIN and RST are always compared; the others only when named.
 */
public final class SegmentSpec {
    private static final int COMPARED_FLAGS = Flag.SYN | Flag.ACK | Flag.FIN | Flag.RST;

    private int flags;
    private int namedFlags = COMPARED_FLAGS;
    private int payload;

    @Nullable
    Integer sequence;

    @Nullable
    Integer acknowledgment;

    @Nullable
    Integer window;

    @Nullable
    Integer mss;

    @Nullable
    Integer windowScale;

    @Nullable
    Integer urgent;

    @Nullable
    Timestamps timestamps;

    @Nullable
    Integer segmentSize;

    @Nullable
    Integer hopLimit;

    @Nullable
    Integer trafficClass;

    boolean sackPermitted;
    boolean mssForbidden;
    boolean windowScaleForbidden;
    boolean badChecksum;
    boolean garbage;
    int reservedBits;

    @Nullable
    Integer dataOffset;

    @Nullable
    String optionBytes;

    final List<int[]> sack = new ArrayList<>();

    private @Nullable Integer echo;

    private SegmentSpec(int flags) {
        this.flags = flags;
    }

    /** A SYN. */
    public static SegmentSpec syn(int sequence) {
        return flags(Flag.SYN).seq(sequence);
    }

    /** A SYN that acknowledges. */
    public static SegmentSpec synAck(int sequence, int acknowledgment) {
        return flags(Flag.SYN | Flag.ACK).seq(sequence).acks(acknowledgment);
    }

    /** An acknowledgment without data. */
    public static SegmentSpec ack(int acknowledgment) {
        return flags(Flag.ACK).acks(acknowledgment);
    }

    /** Data from one sequence number to another, exclusive, with the ACK flag. */
    public static SegmentSpec data(int from, int to) {
        return flags(Flag.ACK).seq(from).payload(to - from);
    }

    /** A FIN at this sequence number, with the ACK flag. */
    public static SegmentSpec fin(int sequence) {
        return flags(Flag.FIN | Flag.ACK).seq(sequence);
    }

    /** A reset without the ACK flag. */
    public static SegmentSpec rst(int sequence) {
        return flags(Flag.RST).seq(sequence);
    }

    /** A reset with the ACK flag. */
    public static SegmentSpec rstAck(int sequence, int acknowledgment) {
        return flags(Flag.RST | Flag.ACK).seq(sequence).acks(acknowledgment);
    }

    /** Any combination of {@link Flag} bits. */
    public static SegmentSpec flags(int flags) {
        return new SegmentSpec(flags);
    }

    /** SEG.SEQ. */
    public SegmentSpec seq(int relative) {
        sequence = relative;
        return this;
    }

    /** SEG.ACK. */
    public SegmentSpec acks(int relative) {
        acknowledgment = relative;
        return this;
    }

    /** TTL, or 0 for the default. */
    public SegmentSpec hopLimit(int hops) {
        hopLimit = hops;
        return this;
    }

    /** The differentiated services field with the two ECN bits: 2 is ECT(0), 3 is CE. */
    public SegmentSpec trafficClass(int value) {
        trafficClass = value;
        return this;
    }

    /** The window in bytes: as it counts, window scale applied. */
    public SegmentSpec win(int bytes) {
        window = bytes;
        return this;
    }

    /** The maximum segment size option. */
    public SegmentSpec mss(int bytes) {
        mss = bytes;
        return this;
    }

    /** There is no maximum segment size option. */
    public SegmentSpec noMss() {
        mssForbidden = true;
        return this;
    }

    /** The window scale option. */
    public SegmentSpec ws(int shift) {
        windowScale = shift;
        return this;
    }

    /** There is no window scale option. */
    public SegmentSpec noWs() {
        windowScaleForbidden = true;
        return this;
    }

    /** The SACK-permitted option. */
    public SegmentSpec sackPermitted() {
        sackPermitted = true;
        return this;
    }

    /** The timestamps option. */
    public SegmentSpec timestamps(int value, int echo) {
        timestamps = new Timestamps(value, echo);
        return this;
    }

    /** The timestamps option with this echo, whatever the sender's own clock shows. */
    public SegmentSpec echoes(int value) {
        echo = value;
        return this;
    }

    /** One more SACK block; the receiver's sequence space is the data sender's. */
    public SegmentSpec sack(int from, int to) {
        sack.add(new int[] {from, to});
        return this;
    }

    /** Bytes of data. */
    public SegmentSpec payload(int bytes) {
        payload = bytes;
        return this;
    }

    /** With FIN behind the data. */
    public SegmentSpec fin() {
        flags |= Flag.FIN;
        return this;
    }

    /** With PSH. */
    public SegmentSpec psh() {
        return named(Flag.PSH);
    }

    /** With ECE and CWR, as an ECN-setup SYN has them (RFC 3168 section 6.1.1). */
    public SegmentSpec eceCwr() {
        return named(Flag.ECE | Flag.CWR);
    }

    /** With ECE. */
    public SegmentSpec ece() {
        return named(Flag.ECE);
    }

    /** Without ECE. */
    public SegmentSpec noEce() {
        return without(Flag.ECE);
    }

    /** With CWR. */
    public SegmentSpec cwr() {
        return named(Flag.CWR);
    }

    /** Without CWR. */
    public SegmentSpec noCwr() {
        return without(Flag.CWR);
    }

    /** ECN-capable transport, ECT(0): it may be marked. */
    public SegmentSpec ect() {
        return trafficClass(2);
    }

    /** It may not be marked. */
    public SegmentSpec notEct() {
        return trafficClass(0);
    }

    /** Marked: congestion experienced. */
    public SegmentSpec ce() {
        return trafficClass(3);
    }

    /** With URG and this urgent pointer. */
    public SegmentSpec urg(int pointer) {
        urgent = pointer;
        return named(Flag.URG);
    }

    /** Without the ACK flag. */
    public SegmentSpec noAck() {
        flags &= ~Flag.ACK;
        return this;
    }

    /** A super-segment that the link cuts, or has put together, at this many bytes of data. */
    public SegmentSpec cut(int bytes) {
        segmentSize = bytes;
        return this;
    }

    /** Sent with a wrong checksum. */
    public SegmentSpec badChecksum() {
        badChecksum = true;
        return this;
    }

    /** Its data is not what the stream has at this place. */
    public SegmentSpec garbage() {
        garbage = true;
        return this;
    }

    /** Sent with these options and no others, in hexadecimal: {@code "02 04 03 e8"} is an MSS of 1000. */
    public SegmentSpec optionBytes(String hex) {
        optionBytes = hex;
        return this;
    }

    /** Sent with these of the four bits behind the data offset set. */
    public SegmentSpec reserved(int bits) {
        reservedBits = bits;
        return this;
    }

    /** Sent with a data offset of so many words, whatever its options need. */
    public SegmentSpec dataOffset(int words) {
        dataOffset = words;
        return this;
    }

    /** Something is wrong with it that makes it nobody's segment. */
    boolean broken() {
        return badChecksum || dataOffset != null;
    }

    boolean has(int bits) {
        return (flags & bits) == bits;
    }

    int flags() {
        return flags;
    }

    int payload() {
        return payload;
    }

    int length() {
        return payload + (has(Flag.SYN) ? 1 : 0) + (has(Flag.FIN) ? 1 : 0);
    }

    /** What is different in {@code seen}, in words; empty if it is as described. */
    List<String> differences(Emitted seen, Numbers numbers) {
        WireSegment segment = seen.segment();
        List<String> differences = new ArrayList<>();
        if ((segment.flags() & namedFlags) != (flags & namedFlags)) {
            differences.add("flags " + segment.flagLetters() + " not " + WireSegment.flagLetters(flags));
        }
        compare(differences, "seq", sequence, segment.sequence() - numbers.stackIss);
        if (has(Flag.ACK)) {
            compare(differences, "ack", acknowledgment, segment.acknowledgment() - numbers.peerIss);
        }
        compare(differences, "length", payload, segment.payload().length);
        compare(differences, "win", window, numbers.stackWindow(segment));
        compare(differences, "urg", urgent, segment.urgent());
        compare(differences, "cut", segmentSize, seen.segmentSize());
        compare(differences, "hop limit", hopLimit, seen.packet().hopLimit());
        compare(differences, "traffic class", trafficClass, seen.packet().trafficClass());
        compareOptions(differences, segment.options(), numbers);
        return differences;
    }

    private void compareOptions(List<String> differences, WireSegment.Options options, Numbers numbers) {
        compare(differences, "mss", mss, options.mss());
        compare(differences, "ws", windowScale, options.windowScale());
        compare(differences, "timestamps", timestamps, options.timestamps());
        Timestamps seenTimestamps = options.timestamps();
        compare(differences, "echo", echo, seenTimestamps == null ? null : seenTimestamps.echo());
        if (mssForbidden && options.mss() != null) {
            differences.add("mss " + options.mss() + " not absent");
        }
        if (windowScaleForbidden && options.windowScale() != null) {
            differences.add("ws " + options.windowScale() + " not absent");
        }
        if (sackPermitted && !options.sackPermitted()) {
            differences.add("no sackPermitted");
        }
        if (!sack.isEmpty()) {
            List<List<Integer>> seen = options.sack().stream()
                    .map(block -> List.of(block.left() - numbers.peerIss, block.right() - numbers.peerIss))
                    .toList();
            compare(
                    differences,
                    "sack",
                    sack.stream().map(b -> List.of(b[0], b[1])).toList(),
                    seen);
        }
    }

    private static void compare(
            List<String> differences, String name, @Nullable Object expected, @Nullable Object seen) {
        if (expected != null && !expected.equals(seen)) {
            differences.add(name + " " + seen + " not " + expected);
        }
    }

    private SegmentSpec without(int bits) {
        flags &= ~bits;
        namedFlags |= bits;
        return this;
    }

    private SegmentSpec named(int bits) {
        flags |= bits;
        namedFlags |= bits;
        return this;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(WireSegment.flagLetters(flags));
        if (sequence != null) {
            text.append(" seq ").append(sequence);
        }
        if (payload > 0) {
            text.append(" length ").append(payload);
        }
        append(text, "ack", has(Flag.ACK) ? acknowledgment : null);
        append(text, "win", window);
        append(text, "urg", urgent);
        append(text, "mss", mss);
        append(text, "ws", windowScale);
        append(text, "timestamps", timestamps);
        append(text, "cut", segmentSize);
        return text.toString();
    }

    private static void append(StringBuilder text, String name, @Nullable Object value) {
        if (value != null) {
            text.append(' ').append(name).append(' ').append(value);
        }
    }
}
