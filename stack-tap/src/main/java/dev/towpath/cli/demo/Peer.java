package dev.towpath.cli.demo;

import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;

/** The host at the other end of the stack's link. */
interface Peer extends Closeable {
    /** What to call it. */
    String name();

    /** Its address. */
    IpAddress address();

    /** The body of a web page. */
    String fetch(URI page) throws IOException, InterruptedException;

    /** Sends a datagram and returns what comes back. */
    byte[] exchange(Endpoint service, byte[] datagram) throws IOException;

    /** A connection to {@code service}. */
    Stream connect(Endpoint service) throws IOException;

    /** Listens on an ephemeral port. */
    Acceptor listen() throws IOException;

    /** A listening socket. */
    interface Acceptor extends Closeable {
        /** Where to connect to. */
        Endpoint endpoint() throws IOException;

        /** Waits for a connection. */
        Stream accept() throws IOException;
    }
}
