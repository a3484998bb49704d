package dev.towpath.tap;

import dev.towpath.link.LinkFeatures;

/** What the kernel leaves to the other end of a TAP: the argument of TUNSETOFFLOAD, from the most useful downwards. */
public enum Offload {
    /** Checksums, TCP segmentation and UDP segmentation (Linux 6.2 and later). */
    CHECKSUM_TCP_UDP(0x67, true, true),
    /** Checksums and TCP segmentation. */
    CHECKSUM_TCP(0x07, true, false),
    /** Checksums. */
    CHECKSUM(0x01, false, false),
    /** Nothing: frames go without the vnet header. */
    NONE(0, false, false);

    private final int flags;
    private final boolean tcp;
    private final boolean udp;

    Offload(int flags, boolean tcp, boolean udp) {
        this.flags = flags; // TUN_F_CSUM 1, TSO4 2, TSO6 4, USO4 0x20, USO6 0x40
        this.tcp = tcp;
        this.udp = udp;
    }

    int flags() {
        return flags;
    }

    LinkFeatures features() {
        return new LinkFeatures(flags != 0, tcp ? 65_535 : 0, udp);
    }
}
