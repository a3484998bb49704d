package dev.towpath.tcp;

import dev.towpath.buffer.BufferPool;
import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.demux.Binding;
import dev.towpath.demux.FlowTable;
import dev.towpath.demux.PortTable;
import dev.towpath.ip.IpError;
import dev.towpath.ip.IpLayer;
import dev.towpath.ip.Path;
import dev.towpath.ip.TransportHandler;
import dev.towpath.mib.Mib;
import dev.towpath.time.Clock;
import dev.towpath.time.TimerWheel;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** TCP (RFC 9293). The caller registers it with IP, and calls {@link #flush} after each batch of frames, timers or user calls. */
public final class TcpLayer implements TransportHandler {
    /** What TCP is made of; everything that it does not compute itself is passed in. */
    public record Parts(
            TcpConfig config,
            IpLayer ip,
            FlowTable flows,
            PortTable ports,
            FramePool frames,
            BufferPool buffers,
            TimerWheel wheel,
            Clock clock,
            LongSupplier random,
            Mib mib) {}

    /** Wires it. */
    public TcpLayer(Parts parts) {
        throw new UnsupportedOperationException();
    }

    /** New settings with the stack's defaults. */
    public TcpSettings newSettings() {
        throw new UnsupportedOperationException();
    }

    /** Passive OPEN on a port that the caller has bound. */
    public Listener listen(Binding binding, int backlog, TcpSettings settings, ListenerEvents events) {
        throw new UnsupportedOperationException();
    }

    /**
     * Active OPEN: the SYN leaves at the next {@link #flush}. The caller has found the path and a port that makes the tuple free
     * ({@link PortTable#ephemeralPort}).
     *
     * @throws IllegalStateException if the tuple is taken
     */
    public Tcb connect(Path path, int localPort, int remotePort, TcpSettings settings, ConnectionEvents events) {
        throw new UnsupportedOperationException();
    }

    /** Sends what has become due: one ACK per connection and batch, and the data that windows allow. */
    public void flush() {
        throw new UnsupportedOperationException();
    }

    /** Calls {@code action} for every connection but those in TIME-WAIT. */
    public void forEach(Consumer<Tcb> action) {
        throw new UnsupportedOperationException();
    }

    /** Connections in TIME-WAIT. */
    public int timeWaits() {
        throw new UnsupportedOperationException();
    }

    /** The stack closes: every connection is reset and every waiter told. */
    public void close() {
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
