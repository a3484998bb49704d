package dev.towpath.ipv4;

import dev.towpath.buffer.Frame;
import dev.towpath.ip.IpError;

/**
 * Who tells a packet's sender that it could not be delivered: ICMP. Declared here so that IP does not know who is above
 * it.
 */
@FunctionalInterface
public interface ErrorSender {
    /**
     * Answers {@code frame} (lent; {@code network} to {@code end} is the packet) with an error, unless a rule or the
     * rate limit forbids it.
     */
    void sendError(Frame frame, IpError why);
}
