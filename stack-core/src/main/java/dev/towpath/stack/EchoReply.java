package dev.towpath.stack;

import dev.towpath.wire.IpAddress;

/**
 * The answer to a ping.
 *
 * @param bytes of echoed data
 * @param roundTripNanos from the request to the reply
 */
public record EchoReply(IpAddress from, int bytes, long roundTripNanos) {}
