package dev.towpath.link;

/**
 * What links in memory look like to the stacks on them.
 *
 * @param mtu largest IP packet in bytes, super-segments aside
 * @param features {@link LinkFeatures#MEMORY}, or {@link LinkFeatures#NONE} for a link like a plain card's
 * @param queueFrames frames that wait at a receiving end at most; those beyond are dropped
 */
public record MemoryLink(int mtu, LinkFeatures features, int queueFrames) {
    /** MTU 1500, all offloads, and a queue of 1000 frames, as a TAP has. */
    public static final MemoryLink DEFAULT = new MemoryLink(1500, LinkFeatures.MEMORY, 1000);

    /** The same without offloads: every frame is what a real wire would carry. */
    public static final MemoryLink PLAIN = DEFAULT.withFeatures(LinkFeatures.NONE);

    private static final int SMALLEST_MTU = 68;
    private static final int LARGEST_MTU = 65_535;

    /** Checks the MTU: IPv4 needs 68 bytes and can't use more than 65,535 (RFC 791). */
    public MemoryLink {
        if (mtu < SMALLEST_MTU || mtu > LARGEST_MTU) {
            throw new IllegalArgumentException(
                    "an MTU is " + SMALLEST_MTU + " to " + LARGEST_MTU + " bytes, not " + mtu);
        }
    }

    /** The same with another MTU. */
    public MemoryLink withMtu(int bytes) {
        return new MemoryLink(bytes, features, queueFrames);
    }

    /** The same with other features. */
    public MemoryLink withFeatures(LinkFeatures other) {
        return new MemoryLink(mtu, other, queueFrames);
    }

    /** The same with another queue. */
    public MemoryLink withQueueFrames(int frames) {
        return new MemoryLink(mtu, features, frames);
    }
}
