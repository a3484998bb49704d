package dev.towpath.link;

import dev.towpath.buffer.Frame;
import dev.towpath.wire.MacAddress;

/**
 * A cable in memory between two stacks: what one end sends, the other receives, the same frame in the same memory. The
 * ends may belong to stacks in different threads. A frame that arrives at an end whose queue is full is lost, as on a
 * wire; frames on their way to an end that closes are released.
 *
 * <pre>
 *   stack -- left.send --&gt; [ frames for right ] -- right.receive --&gt; stack
 *   stack &lt;-- left.receive -- [ frames for left ] &lt;-- right.send -- stack
 * </pre>
 */
public final class MemoryWire {
    private final End left;
    private final End right;

    /** A wire of {@link MemoryLink#DEFAULT}, with ends named {@code left} and {@code right}. */
    public MemoryWire() {
        this(MemoryLink.DEFAULT);
    }

    /** A wire whose ends are named {@code left} and {@code right}. */
    public MemoryWire(MemoryLink link) {
        this(link, "left", MacAddress.local(1), "right", MacAddress.local(2));
    }

    /** A wire whose ends have names and addresses of the caller's choice. */
    public MemoryWire(MemoryLink link, String leftName, MacAddress leftMac, String rightName, MacAddress rightMac) {
        this.left = new End(leftName, leftMac, link);
        this.right = new End(rightName, rightMac, link);
        left.towards = right.arrived;
        right.towards = left.arrived;
    }

    /** One end. */
    public LinkDevice left() {
        return left;
    }

    /** The other. */
    public LinkDevice right() {
        return right;
    }

    private static final class End extends MemoryDevice {
        private volatile boolean closed;
        private FrameQueue towards = arrived; // until the wire has both its ends

        End(String name, MacAddress mac, MemoryLink link) {
            super(name, mac, link);
        }

        @Override
        public boolean send(Frame frame, long nowNanos) {
            if (closed) {
                frame.release();
                return false;
            }
            frame.forgetSender();
            return towards.offer(frame);
        }

        @Override
        public boolean crowded() {
            return towards.crowded();
        }

        @Override
        public void close() {
            closed = true;
            arrived.close();
        }
    }
}
