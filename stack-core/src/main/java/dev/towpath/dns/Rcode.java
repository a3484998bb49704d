package dev.towpath.dns;

/** How a server says that it went (RFC 1035 section 4.1.1, RFC 2136, RFC 6891). */
final class Rcode {
    static final int NOERROR = 0;
    static final int FORMERR = 1;
    static final int SERVFAIL = 2;
    static final int NXDOMAIN = 3;
    static final int NOTIMP = 4;
    static final int REFUSED = 5;

    /** RFC 6891 section 6.1.3: the server does not know this version of EDNS. */
    static final int BADVERS = 16;

    private Rcode() {}

    /** Its name, for people. */
    static String text(int rcode) {
        return switch (rcode) {
            case NOERROR -> "NOERROR";
            case FORMERR -> "FORMERR, it did not understand the question";
            case SERVFAIL -> "SERVFAIL, it could not find out";
            case NXDOMAIN -> "NXDOMAIN";
            case NOTIMP -> "NOTIMP, it does not do that";
            case REFUSED -> "REFUSED, it does not answer us";
            case BADVERS -> "BADVERS, it does not know this EDNS";
            default -> "error " + rcode;
        };
    }
}
