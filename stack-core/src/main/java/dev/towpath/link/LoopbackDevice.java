package dev.towpath.link;

import dev.towpath.buffer.Frame;
import dev.towpath.wire.MacAddress;

/** The device of 127.0.0.0/8: what a stack sends is received by the same stack, in order and without a copy. */
public final class LoopbackDevice extends MemoryDevice {
    private static final MemoryLink LOOPBACK = MemoryLink.DEFAULT.withMtu(65_535);

    /** A loopback named {@code lo}. */
    public LoopbackDevice() {
        super("lo", new MacAddress(0), LOOPBACK);
    }

    @Override
    public boolean send(Frame frame, long nowNanos) {
        frame.forgetSender();
        return arrived.offer(frame);
    }

    @Override
    public boolean crowded() {
        return arrived.crowded();
    }

    @Override
    public void close() {
        arrived.close();
    }
}
