package dev.towpath.parity;

/** What our channels do otherwise than the JDK's on Linux, and why it stays so. */
enum Difference {
    BACKLOG_IS_EXACT(
            "A backlog of n lets n connections wait; with Linux it is n + 1.",
            "The one more is a slip of BSD's that Linux has kept; no program can rely on it."),
    EMPTY_DATAGRAM_IS_NOT_THE_END(
            "DatagramChannel.read returns 0 for an empty datagram; the JDK's returns -1.",
            "Datagrams have no end of stream, and DatagramChannel's contract has 0 for a datagram without bytes."),
    NO_OOBINLINE(
            "A SocketChannel's supportedOptions do not list SO_OOBINLINE.",
            "No public constant names it; Socket.setOOBInline is there."),
    NO_DONT_FRAGMENT(
            "A DatagramChannel does not support IP_DONTFRAGMENT (JDK 19 and later).",
            "UDP of the stack fragments what is larger than the link takes, and has no path MTU to tell."),
    NO_NAPI_ID(
            "SO_INCOMING_NAPI_ID is not supported.",
            "It names the queue of a network card that the kernel polls; there is neither here."),
    LOOPBACK_ALONE_HAS_NO_BROADCAST(
            "With loopback alone, 255.255.255.255 is unreachable and not merely forbidden.",
            "There is no route to it, and Linux says the same in a network namespace without other interfaces.") {
        @Override
        boolean in(World world) {
            return world == World.LOOPBACK;
        }
    };

    private final String what;
    private final String why;

    Difference(String what, String why) {
        this.what = what;
        this.why = why;
    }

    boolean in(World world) {
        return world.isOurs();
    }

    @Override
    public String toString() {
        return what + " " + why;
    }
}
