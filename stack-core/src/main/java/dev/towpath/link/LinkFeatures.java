package dev.towpath.link;

/**
 * What a link does for the stack.
 *
 * @param checksumOffload it completes transport checksums on sending and may deliver packets that need none verified
 * @param maxSuperSegment largest IP packet in bytes that it cuts into segments itself, or 0 if it can't
 * @param udpSegmentation it cuts UDP super-datagrams too
 */
public record LinkFeatures(boolean checksumOffload, int maxSuperSegment, boolean udpSegmentation) {
    /** A plain link: software does it all. */
    public static final LinkFeatures NONE = new LinkFeatures(false, 0, false);

    /** A link in memory: nothing can be damaged, and a super-segment is delivered as it is. */
    public static final LinkFeatures MEMORY = new LinkFeatures(true, 65_535, true);
}
