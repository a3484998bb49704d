package dev.towpath.sim;

import dev.towpath.buffer.Frame;
import dev.towpath.link.Fate;
import dev.towpath.link.PartialChecksum;
import dev.towpath.wire.PacketText;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The last frames that were sent on a network's links, each once for every link that it took, as it was when it was
 * sent, with what became of it.
 */
public final class Recording implements Observer {
    private static final double NANOS_PER_SECOND = 1e9;

    /** A frame as it was sent, and its fate, which is known a moment later. */
    private static final class Sent {
        private final long nanos;
        private final Direction on;
        private final byte[] bytes;
        private final EnumSet<Fate> met = EnumSet.noneOf(Fate.class);

        Sent(long nanos, Direction on, byte[] bytes) {
            this.nanos = nanos;
            this.on = on;
            this.bytes = bytes;
        }

        String fate() {
            List<String> words = met.stream()
                    .map(each -> each.name().toLowerCase(Locale.ROOT))
                    .toList();
            return String.join(", ", words);
        }
    }

    private final List<Direction> directions = new ArrayList<>();
    private final long mostBytes;
    private final Deque<Sent> frames = new ArrayDeque<>();
    private long keptBytes;
    private long forgotten;

    Recording(List<Link> links, long mostBytes) {
        this.mostBytes = mostBytes;
        for (Link link : links) {
            directions.add(link.near().outbound());
            directions.add(link.far().outbound());
        }
    }

    @Override
    public void sent(Direction on, Frame frame, long nowNanos) {
        byte[] bytes = new byte[frame.length()];
        frame.bytes().get(frame.start, bytes);
        if (frame.checksum == Frame.CHECKSUM_PARTIAL) {
            int field = frame.checksumStart + frame.checksumOffset - frame.start;
            ByteBuffer.wrap(bytes).putShort(field, (short) PartialChecksum.of(frame));
        }
        frames.add(new Sent(nowNanos, on, bytes));
        keptBytes += bytes.length;
        while (keptBytes > mostBytes && frames.size() > 1) {
            keptBytes -= frames.remove().bytes.length;
            forgotten++;
        }
    }

    @Override
    public void fate(Set<Fate> met) {
        if (!met.isEmpty()) {
            frames.getLast().met.addAll(met);
        }
    }

    /** Frames that it has. */
    public int size() {
        return frames.size();
    }

    /** Frames that it had, and no longer has because there were too many. */
    public long forgotten() {
        return forgotten;
    }

    /** The last {@code most} frames as text, a line each: when, on which link, what, and what became of it. */
    public List<String> lastLines(int most) {
        return frames.stream()
                .skip(Math.max(0, frames.size() - most))
                .map(Recording::line)
                .toList();
    }

    private static String line(Sent sent) {
        String text = PacketText.ofFrame(ByteBuffer.wrap(sent.bytes), 0, sent.bytes.length);
        String fate = sent.met.isEmpty() ? "" : "  [" + sent.fate() + "]";
        return String.format(Locale.ROOT, "%12.6f  %s: %s%s", sent.nanos / NANOS_PER_SECOND, sent.on, text, fate);
    }

    /**
     * Writes all frames to a file that Wireshark opens (pcapng): each direction of a link is an interface of its own
     * ({@code frame.interface_name}), and comments say what became of frames that did not just arrive
     * ({@code frame.comment}).
     */
    public void write(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            write(out);
        }
    }

    /** The same as bytes: equal for equal runs. */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return bytes.toByteArray();
    }

    private void write(OutputStream out) throws IOException {
        Pcapng file = new Pcapng(out);
        Map<Direction, Integer> interfaces = new HashMap<>();
        for (Direction each : directions) {
            interfaces.put(each, interfaces.size());
            file.describeInterface(each.toString());
        }
        for (Sent sent : frames) {
            file.packet(interfaces.getOrDefault(sent.on, 0), sent.nanos, sent.bytes, sent.fate());
        }
    }
}
