package dev.towpath.tcp;

import dev.towpath.demux.Flow;
import dev.towpath.ip.IpLayer;
import dev.towpath.ip.TransportError;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One connection: the transmission control block of RFC 9293 section 3.3.1 and the user's calls of section 3.10. All calls under the stack lock. */
public final class Tcb extends Flow {
    Tcb(IpAddress local, int localPort, IpAddress remote, int remotePort) {
        super(IpLayer.TCP, local.high(), local.low(), localPort, remote.high(), remote.low(), remotePort);
    }

    /** The local address. */
    public IpAddress localAddress() {
        throw new UnsupportedOperationException();
    }

    /** The remote address. */
    public IpAddress remoteAddress() {
        throw new UnsupportedOperationException();
    }

    /** Where in its life it is. */
    public State state() {
        throw new UnsupportedOperationException();
    }

    /** Its socket options. */
    public TcpSettings settings() {
        throw new UnsupportedOperationException();
    }

    /** To be called after a change of {@link #settings}. */
    public void settingsChanged() {
        throw new UnsupportedOperationException();
    }

    /** From now on {@code events} hears of changes. */
    public void events(ConnectionEvents events) {
        throw new UnsupportedOperationException();
    }

    /** Has connected at some time, even if it has been closed since. */
    public boolean wasEstablished() {
        throw new UnsupportedOperationException();
    }

    /** Bytes that {@link #receive} would return. */
    public int available() {
        throw new UnsupportedOperationException();
    }

    /** The peer's FIN has come, and all before it has been received: end of stream. Also after {@link #shutdownInput}. */
    public boolean inputEnded() {
        throw new UnsupportedOperationException();
    }

    /** Bytes that {@link #send} would take. */
    public int sendSpace() {
        throw new UnsupportedOperationException();
    }

    /** Enough room in the send buffer to call it writable (a third of it is free), or sending would fail at once. */
    public boolean writable() {
        throw new UnsupportedOperationException();
    }

    /** Nothing more may be sent: {@link #shutdownOutput} or close was called, or the connection is gone. */
    public boolean outputEnded() {
        throw new UnsupportedOperationException();
    }

    /** Bytes sent or waiting, and the FIN, that the peer has not acknowledged: what SO_LINGER waits for. */
    public int unacknowledged() {
        throw new UnsupportedOperationException();
    }

    /** Why the connection failed, or null; stays. */
    public @Nullable TransportError failure() {
        throw new UnsupportedOperationException();
    }

    /** Largest segment that is sent now: TCP_MAXSEG. */
    public int sendMss() {
        throw new UnsupportedOperationException();
    }

    /**
     * SEND (RFC 9293 section 3.10.2): takes what fits of {@code data}, whose position advances.
     *
     * @param more the caller will send more at once: do not let a small segment go yet (MSG_MORE)
     * @return bytes taken; 0 if the send buffer is full, or before the connection is established and the buffer is full
     */
    public int send(ByteBuffer data, boolean more) {
        throw new UnsupportedOperationException();
    }

    /** RECEIVE (section 3.10.3): copies what is there, as much as fits; returns bytes copied, 0 if none. With {@code peek} it stays. */
    public int receive(ByteBuffer into, boolean peek) {
        throw new UnsupportedOperationException();
    }

    /** CLOSE in the RFC's sense (section 3.10.4): no more to send; FIN follows what is queued. Receiving goes on. Idempotent. */
    public void shutdownOutput() {
        throw new UnsupportedOperationException();
    }

    /** Receiving ends here: what is queued stays readable, what arrives later is acknowledged and thrown away (as Linux does). */
    public void shutdownInput() {
        throw new UnsupportedOperationException();
    }

    /** The application is done with it. With unread data: reset (RFC 9293 section 3.10.4, RFC 2525 section 2.17). Else FIN, and what arrives later is answered by a reset. */
    public void close() {
        throw new UnsupportedOperationException();
    }

    /** ABORT (section 3.10.5): a reset to the peer, and nothing is left. */
    public void abort() {
        throw new UnsupportedOperationException();
    }
}
