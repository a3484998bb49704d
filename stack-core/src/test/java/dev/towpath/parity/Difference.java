package dev.towpath.parity;

/** What our channels do otherwise than the JDK's on Linux, and why it stays so. */
enum Difference {
    BACKLOG_IS_EXACT(
            "A backlog of n lets n connections wait; with Linux it is n + 1.",
            "The one more is a slip of BSD's that Linux has kept; no program can rely on it."),
    NO_OOBINLINE(
            "A SocketChannel's supportedOptions do not list SO_OOBINLINE.",
            "No public constant names it; Socket.setOOBInline is there."),
    DATAGRAM_SOCKETS_ARE_WRAPPED(
            "A DatagramSocket throws other exceptions for addresses that are not internet addresses, and once closed.",
            "The JDK puts a class of its own before every DatagramSocketImpl that is not its own; they are thrown"
                    + " there."),
    NO_URGENT_DATA(
            "Socket.sendUrgentData fails with a SocketException.",
            "The stack sends no urgent data: RFC 6093 advises against it, and middleboxes strip it."),
    NO_NAPI_ID(
            "SO_INCOMING_NAPI_ID is not supported.",
            "It names the queue of a network card that the kernel polls; there is neither here.");

    private final String what;
    private final String why;

    Difference(String what, String why) {
        this.what = what;
        this.why = why;
    }

    boolean in(World world) {
        return world.isOurs();
    }

    String what() {
        return what;
    }

    String why() {
        return why;
    }
}
