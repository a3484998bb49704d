package dev.towpath.icmp;

import dev.towpath.buffer.Frame;
import dev.towpath.ip.IpError;

/**
 * Who has sent echo requests under one identifier. Called under the stack lock from within the core: it may only note
 * and signal.
 */
public interface EchoListener {
    /** An echo reply, lent for the call: its data lies from {@code frame.payload} to {@code frame.end}. */
    void reply(Frame frame, int sequence);

    /** An ICMP error about an echo request, or a neighbour that does not answer ARP. */
    void failed(IpError error, int sequence);
}
