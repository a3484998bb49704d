package dev.towpath.setup;

import dev.towpath.link.CapturingDevice;
import dev.towpath.link.LinkDevice;
import dev.towpath.link.PcapWriter;
import dev.towpath.stack.InterfaceInfo;
import dev.towpath.stack.NetworkStack;
import dev.towpath.time.SystemClock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A stack and the capture of what passes its device. Closing it closes all that belongs to it, in order.
 *
 * @param capture where frames are written to, if they are
 */
public record StackHost(NetworkStack stack, @Nullable PcapWriter capture) implements Closeable {
    /**
     * Starts {@code stack} on {@code device}.
     *
     * @param device closed with the stack, or if it can't be started
     * @param prefixes addresses of the device
     * @param capture file to write the frames to, or null
     * @throws IOException if the file can't be written
     */
    public static StackHost start(
            NetworkStack.Builder stack, LinkDevice device, List<String> prefixes, @Nullable Path capture)
            throws IOException {
        PcapWriter writer = null;
        try {
            writer = capture == null ? null : PcapWriter.open(capture, epochNanos());
            LinkDevice link = writer == null ? device : new CapturingDevice(device, writer);
            return new StackHost(
                    stack.device(link, prefixes.toArray(String[]::new)).start(), writer);
        } catch (IOException | RuntimeException e) {
            device.close();
            if (writer != null) {
                writer.close();
            }
            throw e;
        }
    }

    /** One line for people: the addresses, and where. */
    public String description() {
        return stack.interfaces().stream()
                .filter(each -> stack.interfaces().size() == 1
                        || !each.equals(stack.interfaces().get(0)))
                .map(StackHost::describe)
                .collect(Collectors.joining("; "));
    }

    @Override
    public void close() throws IOException {
        stack.close();
        if (capture != null) {
            capture.close();
        }
    }

    private static String describe(InterfaceInfo each) {
        return String.join(", ", each.prefixes()) + " on " + each.name() + " (" + each.mac() + ", MTU " + each.mtu()
                + ")";
    }

    /** Nanoseconds from 1970 to the moment at which the stack's clock showed 0. */
    private static long epochNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano() - SystemClock.INSTANCE.nanoTime();
    }
}
