package dev.towpath.udp;

import dev.towpath.buffer.BufferPool;
import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.demux.Binding;
import dev.towpath.demux.Flow;
import dev.towpath.demux.FlowTable;
import dev.towpath.demux.PortTable;
import dev.towpath.ip.GroupLayer;
import dev.towpath.ip.IpError;
import dev.towpath.ip.IpLayer;
import dev.towpath.ip.TransportChecksum;
import dev.towpath.ip.TransportHandler;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.mib.Mib;
import dev.towpath.wire.UdpHeader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * UDP (RFC 768, RFC 1122 section 4.1): finds the endpoint of what arrives. {@code stack} makes it and registers it with
 * IP; sockets open endpoints. Not thread-safe: guarded by the stack's lock.
 */
public final class UdpLayer implements TransportHandler {
    final GroupLayer ip;
    final FlowTable flows;
    final PortTable ports;
    final FramePool frames;
    final BufferPool buffers;
    final Mib mib;

    /** Wires it; the caller registers it with IP. */
    public UdpLayer(GroupLayer ip, FlowTable flows, PortTable ports, FramePool frames, BufferPool buffers, Mib mib) {
        this.ip = ip;
        this.flows = flows;
        this.ports = ports;
        this.frames = frames;
        this.buffers = buffers;
        this.mib = mib;
    }

    /** A new unbound endpoint. */
    public UdpEndpoint open(UdpEvents events) {
        return new UdpEndpoint(this, events);
    }

    @Override
    public void receive(Frame frame) {
        ByteBuffer bytes = frame.bytes();
        int at = frame.transport;
        if (!UdpHeader.validate(bytes, at, frame.end - at)) {
            mib.count(Counter.UDP_IN_ERRORS);
            mib.drop(DropReason.UDP_BAD_LENGTH);
            return;
        }
        frame.payload = at + UdpHeader.LENGTH;
        frame.end = at + UdpHeader.length(bytes, at);
        boolean summed = UdpHeader.checksum(bytes, at) != 0; // RFC 768: zero says that the sender computed none
        if (summed && !TransportChecksum.valid(frame)) {
            mib.count(Counter.UDP_IN_ERRORS);
            mib.count(Counter.UDP_IN_CSUM_ERRORS);
            mib.drop(DropReason.UDP_BAD_CHECKSUM);
            return;
        }
        if (frame.destinationGroup) {
            deliverToAll(frame);
            return;
        }
        UdpEndpoint endpoint = find(frame);
        if (endpoint != null) {
            endpoint.arrived(frame);
            return;
        }
        boolean othersConnected = flows.flowsOnPort(IpLayer.UDP, UdpHeader.destinationPort(bytes, at)) > 0;
        mib.count(Counter.UDP_NO_PORTS);
        mib.drop(othersConnected ? DropReason.UDP_OTHER_PEER : DropReason.UDP_NO_PORT);
        ip.reject(frame, IpError.PORT_UNREACHABLE);
    }

    /**
     * Errors go to connected endpoints only: nobody else knows whom the datagram went to (RFC 1122 section 4.1.3.3;
     * Berkeley's reading).
     */
    @Override
    public void receiveError(IpError error, int mtu, Frame quote) {
        Flow flow = flows.find(
                IpLayer.UDP,
                quote.sourceHigh,
                quote.sourceLow,
                UdpHeader.sourcePort(quote.bytes(), quote.transport),
                quote.destinationHigh,
                quote.destinationLow,
                UdpHeader.destinationPort(quote.bytes(), quote.transport));
        if (flow instanceof UdpEndpoint.Connection connection) {
            connection.endpoint().failed(error);
        }
    }

    private @Nullable UdpEndpoint find(Frame frame) {
        int sourcePort = UdpHeader.sourcePort(frame.bytes(), frame.transport);
        int destinationPort = UdpHeader.destinationPort(frame.bytes(), frame.transport);
        if (flows.flowsOnPort(IpLayer.UDP, destinationPort) > 0) { // else no hash need be computed
            Flow flow = flows.find(
                    IpLayer.UDP,
                    frame.destinationHigh,
                    frame.destinationLow,
                    destinationPort,
                    frame.sourceHigh,
                    frame.sourceLow,
                    sourcePort);
            if (flow instanceof UdpEndpoint.Connection connection) {
                return connection.endpoint();
            }
        }
        return (UdpEndpoint) ports.find(
                IpLayer.UDP,
                frame.destinationHigh,
                frame.destinationLow,
                destinationPort,
                frame.sourceHigh,
                frame.sourceLow,
                sourcePort);
    }

    /**
     * A datagram to a broadcast or multicast address goes to every endpoint on its port that is bound to that address
     * or to any, and hears the group.
     */
    private void deliverToAll(Frame frame) {
        int port = UdpHeader.destinationPort(frame.bytes(), frame.transport);
        Binding binding = ports.next(null, IpLayer.UDP, frame.destinationHigh, frame.destinationLow, port);
        if (binding == null) {
            mib.count(Counter.UDP_NO_PORTS);
            mib.drop(DropReason.UDP_NO_PORT);
        }
        boolean unheard = binding != null;
        while (binding != null) {
            if (binding.receiver() instanceof UdpEndpoint endpoint && endpoint.takesGroup(frame)) {
                unheard = false;
                endpoint.arrived(frame);
            }
            binding = ports.next(binding, IpLayer.UDP, frame.destinationHigh, frame.destinationLow, port);
        }
        if (unheard) {
            mib.drop(DropReason.UDP_OTHER_GROUP);
        }
    }
}
