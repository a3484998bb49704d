package dev.towpath.tcp;

/** Path MTU discovery by ICMP (RFC 1191), for one connection. */
final class PathMtu {
    /**
     * No router gets TCP below this: deviates from RFC 791's 68 as Linux does, for a forged message costs most where
     * packets are smallest.
     */
    private static final int LEAST_MTU = 552;

    /** RFC 1191 section 7.1: sizes to try when an old router does not say which fits. */
    private static final int[] PLATEAUS = {32_000, 17_914, 8_166, 4_352, 2_002, 1_492, 1_006, LEAST_MTU};

    private PathMtu() {}

    /** A router could not forward what this connection sent; {@code mtu} is what it could, or 0. */
    static void tooBig(Tcb t, int mtu) {
        int headers = t.path.headerLength() + TcpLayer.HEADER;
        int fits = Math.max(LEAST_MTU, mtu > 0 ? mtu : nextPlateau(t.sendMss + headers));
        if (fits - headers >= t.sendMss) {
            return; // not smaller than what is sent already: old news, or a lie
        }
        t.pathMss = fits - headers;
        t.updateSendMss();
        t.congestion.segmentSize(t.sendMss);
        if (t.state().synchronised()) {
            t.loss.tooBig(t);
        }
        t.touch();
    }

    private static int nextPlateau(int current) {
        for (int plateau : PLATEAUS) {
            if (plateau < current) {
                return plateau;
            }
        }
        return LEAST_MTU;
    }
}
