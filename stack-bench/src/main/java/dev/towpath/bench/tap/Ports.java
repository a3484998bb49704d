package dev.towpath.bench.tap;

/** Where the systems are and what they offer: the addresses of RFC 5737's first network and the assigned ports. */
final class Ports {
    /** The system under measurement. */
    static final String SERVER = "192.0.2.2";

    /** The client, always the kernel. */
    static final String CLIENT = "192.0.2.1";

    static final int ECHO = 7;
    static final int DISCARD = 9;
    static final int SOURCE = 19;
    static final int HTTP = 80;

    private Ports() {}
}
