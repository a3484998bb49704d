package dev.towpath.udp;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.demux.FlowTable;
import dev.towpath.demux.PortTable;
import dev.towpath.ip.IpError;
import dev.towpath.ip.IpLayer;
import dev.towpath.ip.TransportHandler;
import dev.towpath.mib.Mib;

/** UDP (RFC 768, RFC 1122 section 4.1). */
public final class UdpLayer implements TransportHandler {
    /** Wires it; the caller registers it with IP. */
    public UdpLayer(IpLayer ip, FlowTable flows, PortTable ports, FramePool frames, Mib mib) {
        throw new UnsupportedOperationException();
    }

    /** A new unbound endpoint. */
    public UdpEndpoint open(UdpEvents events) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void receive(Frame frame) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void receiveError(IpError error, int mtu, Frame quote) {
        throw new UnsupportedOperationException();
    }
}
