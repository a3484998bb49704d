package dev.towpath.cli.service;

import java.nio.ByteBuffer;

/** A service on UDP. */
@FunctionalInterface
public interface UdpService {
    /**
     * Answers a datagram.
     *
     * @param datagram its data from position to limit; the memory may be used for the answer
     * @return the answer from position to limit, or null for none
     */
    @org.jspecify.annotations.Nullable
    ByteBuffer answer(ByteBuffer datagram);
}
