package dev.towpath.tcp;

/**
 * When a segment below the MSS may go: Nagle's algorithm (RFC 896) in Minshall's form, TCP_NODELAY, TCP_CORK and
 * MSG_MORE. What they hold back goes in the end, for {@link Output} sets the persist timer where nothing is in flight.
 */
final class SmallSegments {
    /** The end of the last small segment that was sent. */
    private int end;
    /** The application has said that more will come at once (MSG_MORE). */
    private boolean more;
    /** TCP_NODELAY was switched on while something waited: this goes even if corked. */
    private boolean pushed;

    /** The connection begins with number {@code iss}. */
    void start(int iss) {
        end = iss;
    }

    /** The application has written; {@code moreFollows} as it says itself. */
    void written(boolean moreFollows) {
        more = moreFollows;
        pushed = false;
    }

    /** All that is queued goes now, as in Linux when TCP_NODELAY is switched on. */
    void push() {
        more = false;
        pushed = true;
    }

    /** A small segment that ends at {@code number} has been sent. */
    void sent(int number) {
        end = number;
    }

    /** SND.UNA has moved. */
    void acknowledged(int sndUna) {
        if (SeqNum.lessThan(end, sndUna)) {
            end = sndUna; // keep it near, for numbers wrap
        }
    }

    /**
     * The last of what is queued may go although it fills no segment. Minshall's form of Nagle, as Linux has it: at most
     * one small segment is in flight. It keeps Nagle's promise without making the tail of a large write wait for an ACK.
     */
    boolean maySend(Tcb t) {
        if (t.finQueued || pushed) {
            return true;
        }
        boolean smallInFlight = SeqNum.lessThan(t.sndUna, end);
        return !more && !t.settings.cork && (t.settings.noDelay || !smallInFlight);
    }
}
