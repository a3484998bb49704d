package dev.towpath.stack;

import dev.towpath.wire.Endpoint;

/**
 * One line of {@code ss}.
 *
 * @param protocol {@code tcp} or {@code udp}
 * @param remote {@code 0.0.0.0:0} where there is none
 * @param state a state of RFC 9293 section 3.3.2, or {@code UNCONNECTED} or {@code ESTABLISHED} for UDP
 */
public record ConnectionInfo(String protocol, Endpoint local, Endpoint remote, String state) {}
