package dev.towpath.testing.script;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the stack puts on the wire in a conversation, as a script expects it. */
public final class StackSide {
    private final Conversation conversation;

    StackSide(Conversation conversation) {
        this.conversation = conversation;
    }

    /** In answer to the last act the stack has sent exactly these segments, in this order. */
    public void sends(SegmentSpec... expected) {
        long now = conversation.rig().clock().nanoTime();
        for (SegmentSpec spec : expected) {
            take(spec, now, false);
        }
        isQuiet();
    }

    /** The same as {@link #sends}, where it reads better. */
    public void replies(SegmentSpec... expected) {
        sends(expected);
    }

    /** Time passes: nothing is sent until {@code delay} is over, and then, at that very moment, these segments. */
    public void sendsAfter(Duration delay, SegmentSpec... expected) {
        conversation.rig().clock().advance(delay);
        long now = conversation.rig().clock().nanoTime();
        for (SegmentSpec spec : expected) {
            take(spec, now, true);
        }
        isQuiet();
    }

    /** Nothing has been sent that the script has not expected. */
    public void isQuiet() {
        Emitted next = conversation.unnoticed().peek();
        if (next != null) {
            throw failure("expected quiet, but the stack sent "
                    + conversation.numbers().describe(next.segment(), true));
        }
    }

    /** Time passes, and nothing is sent. */
    public void isQuietFor(Duration time) {
        conversation.rig().clock().advance(time);
        isQuiet();
    }

    /** Whatever was sent, for a closer look; the script then counts it as expected. */
    public List<Emitted> sendsSomething() {
        List<Emitted> all = new ArrayList<>(conversation.unnoticed());
        conversation.forget();
        return all;
    }

    /** The stack's initial sequence number, as seen on the wire. */
    public int initialSequence() {
        return conversation.numbers().stackIss;
    }

    /** The right edge of the window that the stack has offered last, relative: RCV.NXT + RCV.WND. */
    public int rightEdge() {
        return conversation.numbers().stackEdge - conversation.numbers().peerIss;
    }

    private void take(SegmentSpec spec, long nowNanos, boolean exactly) {
        Emitted seen = conversation.unnoticed().poll();
        if (seen == null) {
            throw failure("expected " + spec + ", but nothing was sent");
        }
        List<String> differences = spec.differences(seen, conversation.numbers());
        if (exactly && seen.timeNanos() != nowNanos) {
            differences.add("sent " + (nowNanos - seen.timeNanos()) / 1e6 + " ms too early");
        }
        if (!differences.isEmpty()) {
            String was = conversation.numbers().describe(seen.segment(), true);
            throw failure(
                    "expected " + spec + "\n    but was  " + was + "\n    where    " + String.join(", ", differences));
        }
    }

    private AssertionError failure(String message) {
        return conversation.rig().transcript().failure(message);
    }
}
