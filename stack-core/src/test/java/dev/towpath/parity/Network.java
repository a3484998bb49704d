package dev.towpath.parity;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.spi.SelectorProvider;

/**
 * Two hosts, or one that talks to itself.
 *
 * @param near the host that a test is about
 * @param far its peer
 * @param sockets the near host's sockets of {@code java.net}
 */
record Network(
        SelectorProvider near,
        SelectorProvider far,
        Sockets sockets,
        InetAddress nearAddress,
        InetAddress farAddress,
        Runnable closing)
        implements AutoCloseable {

    /** A numeric address. */
    static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public void close() {
        closing.run();
    }
}
