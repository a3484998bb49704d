package dev.towpath.stack;

import dev.towpath.wire.IpAddress;

/**
 * The answer to a ping.
 *
 * @param bytes of echoed data
 * @param hopLimit the TTL that the reply came with
 * @param roundTripNanos from the request to the reply
 */
public record EchoReply(IpAddress from, int bytes, int hopLimit, long roundTripNanos) {}
