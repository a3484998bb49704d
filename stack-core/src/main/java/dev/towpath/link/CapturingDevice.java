package dev.towpath.link;

import dev.towpath.buffer.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Writes every frame that passes through another device, in both directions, to a capture. Super-segments are written
 * as they are.
 *
 * <p>Around an {@link ImpairedDevice} it shows what the stack sees, inside one what the link sees. The capture stays
 * its owner's, who closes it after the stack and hears then whether it is complete.
 */
public final class CapturingDevice extends Decorator {
    private final PcapWriter capture;

    /** Captures what passes through {@code device}. */
    public CapturingDevice(LinkDevice device, PcapWriter capture) {
        super(device);
        this.capture = capture;
    }

    @Override
    public boolean send(Frame frame, long nowNanos) {
        capture.write(frame, nowNanos);
        return device.send(frame, nowNanos);
    }

    @Override
    public @Nullable Frame receive(long nowNanos) {
        Frame frame = device.receive(nowNanos);
        if (frame != null) {
            capture.write(frame, nowNanos);
        }
        return frame;
    }

    /** Closes the device; what is captured so far can be read from then on. */
    @Override
    public void close() {
        super.close();
        capture.flush();
    }
}
