package dev.towpath.sim;

import dev.towpath.buffer.Frame;
import dev.towpath.link.Fate;
import java.util.Set;

/** Sees every frame that is sent on any link: the network's captures. */
interface Observer {
    /** Sees nothing. */
    Observer NONE = new Observer() {
        @Override
        public void sent(Direction on, Frame frame, long nowNanos) {}

        @Override
        public void fate(Set<Fate> met) {}
    };

    /** A frame is sent; it is only read. */
    void sent(Direction on, Frame frame, long nowNanos);

    /** What becomes of the frame that was sent last; empty if it arrives as it was sent. */
    void fate(Set<Fate> met);
}
