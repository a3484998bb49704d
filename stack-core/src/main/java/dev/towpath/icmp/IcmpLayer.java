package dev.towpath.icmp;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.ip.IpError;
import dev.towpath.ip.Path;
import dev.towpath.ip.TransportHandler;
import dev.towpath.ipv4.ErrorSender;
import dev.towpath.ipv4.Ipv4Layer;
import dev.towpath.mib.Mib;
import dev.towpath.time.Clock;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/** ICMP of one stack; the caller registers it with IP, as handler and as {@link ErrorSender}. */
public final class IcmpLayer implements TransportHandler, ErrorSender {
    /** Protocol number of ICMP. */
    public static final int PROTOCOL = 1;

    /** Wires it. */
    public IcmpLayer(IcmpConfig config, Ipv4Layer ip, FramePool frames, Clock clock, LongSupplier random, Mib mib) {
        throw new UnsupportedOperationException();
    }

    /**
     * Delivers replies to echo requests to {@code listener}.
     *
     * @return the identifier to send them under; not used by others
     */
    public int openEcho(EchoListener listener) {
        throw new UnsupportedOperationException();
    }

    /** Gives the identifier back. Idempotent. */
    public void closeEcho(int identifier) {
        throw new UnsupportedOperationException();
    }

    /** Sends an echo request with all that remains in {@code payload}, whose position moves to its limit. */
    public void ping(Path path, int identifier, int sequence, ByteBuffer payload) {
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

    @Override
    public void sendError(Frame frame, IpError why) {
        throw new UnsupportedOperationException();
    }
}
