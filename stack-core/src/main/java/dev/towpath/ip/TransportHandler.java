package dev.towpath.ip;

import dev.towpath.buffer.Frame;

/** A protocol above IP; declared here so that IP delivers upwards without knowing who is there. */
public interface TransportHandler {
    /**
     * A datagram for this host. {@code frame} is lent for the call: its addresses, {@code protocol},
     * {@code trafficClass} and {@code network} are set, {@code transport} is where the transport header begins and
     * {@code end} where the datagram ends. The transport checksum is not verified yet: {@link TransportChecksum#valid}.
     */
    void receive(Frame frame);

    /**
     * An error about a packet that this host sent. The quoted packet lies in {@code quote}: its source is the local
     * address, its destination the remote one, {@code transport} is where its transport header begins, of which at
     * least 8 bytes up to {@code end} are there. Nothing in it can be trusted: anybody can send one (RFC 5927).
     *
     * @param mtu the next hop's MTU in bytes with {@link IpError#PACKET_TOO_BIG} (0 if the router did not say), else 0
     */
    void receiveError(IpError error, int mtu, Frame quote);
}
