package dev.towpath.testing.script;

import dev.towpath.ip.IpError;
import dev.towpath.testing.script.WireSegment.Block;
import dev.towpath.testing.script.WireSegment.Flag;
import dev.towpath.testing.script.WireSegment.Options;
import java.util.List;

/** The far end of a conversation: sends what the script says, and nothing by itself. */
public final class Peer {
    private static final int WIDEST_UNSCALED = 65_535;

    private final Conversation conversation;
    private int next;
    private int acknowledged;
    private int window = WIDEST_UNSCALED;

    Peer(Conversation conversation) {
        this.conversation = conversation;
    }

    /** Sends segments that arrive as one batch: the stack answers when it has seen them all. */
    public void sends(SegmentSpec... segments) {
        List<SegmentSpec> batch = List.of(segments);
        conversation.rig().step(conversation.remotePort() + " peer >", "sends " + batch.size(), () -> {
            for (SegmentSpec spec : batch) {
                WireSegment segment = resolve(spec);
                conversation.numbers().peerSent(segment);
                conversation.note("peer >", conversation.numbers().describe(segment, false));
                conversation.deliver(segment, spec);
            }
        });
    }

    /** Its initial sequence number, absolute. */
    public int initialSequence() {
        return conversation.numbers().peerIss;
    }

    /** Somebody on the way reports an error about the stack's segment that begins at {@code sequence}. */
    public void reports(IpError error, int sequence) {
        reports(error, 0, sequence);
    }

    /** Sends {@code segment} to everybody: in a link-layer broadcast, or else to an IP group address. */
    public void broadcasts(SegmentSpec segment, boolean linkGroup) {
        WireSegment resolved = resolve(segment);
        conversation
                .rig()
                .step(
                        conversation.remotePort() + " peer >",
                        "broadcasts " + segment,
                        () -> conversation.deliverToGroup(resolved, linkGroup));
    }

    /** A router reports that the stack's segment at {@code sequence} is too big for the next hop. */
    public void reportsTooBig(int mtu, int sequence) {
        reports(IpError.PACKET_TOO_BIG, mtu, sequence);
    }

    private void reports(IpError error, int mtu, int sequence) {
        conversation
                .rig()
                .step(
                        conversation.remotePort() + " router >",
                        error + " mtu " + mtu + " about " + sequence,
                        () -> conversation.deliverError(error, mtu, conversation.numbers().stackIss + sequence));
    }

    private WireSegment resolve(SegmentSpec spec) {
        Numbers numbers = conversation.numbers();
        int from = spec.sequence == null ? next : spec.sequence;
        if (from + spec.length() - next > 0 && !spec.has(Flag.RST)) {
            next = from + spec.length();
        }
        int acknowledgment = spec.acknowledgment == null ? acknowledged : spec.acknowledgment;
        if (spec.has(Flag.ACK) && !spec.has(Flag.RST)) {
            acknowledged = acknowledgment;
        }
        window = spec.window == null ? window : spec.window;
        int shift = spec.has(Flag.SYN) ? 0 : numbers.peerShift();
        if (window >>> shift > WIDEST_UNSCALED) {
            throw new IllegalArgumentException("a window of " + window + " can't be sent with scale " + shift);
        }
        return new WireSegment(
                numbers.peerIss + from,
                spec.has(Flag.ACK) ? numbers.stackIss + acknowledgment : 0,
                spec.flags(),
                window >>> shift,
                spec.urgent == null ? 0 : spec.urgent,
                options(spec, numbers),
                payload(spec, from));
    }

    private static byte[] payload(SegmentSpec spec, int from) {
        int offset = from - (spec.has(Flag.SYN) ? 0 : 1);
        Pattern pattern = spec.garbage ? Pattern.APP : Pattern.PEER;
        return pattern.bytes(offset, (long) offset + spec.payload());
    }

    private static Options options(SegmentSpec spec, Numbers numbers) {
        if (spec.optionBytes != null) {
            return SegmentCodec.options(spec.optionBytes);
        }
        List<Block> sack = spec.sack.stream()
                .map(block -> new Block(numbers.stackIss + block[0], numbers.stackIss + block[1]))
                .toList();
        return new Options(spec.mss, spec.windowScale, spec.sackPermitted, spec.timestamps, sack);
    }
}
