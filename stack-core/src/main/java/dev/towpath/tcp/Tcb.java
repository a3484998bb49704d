package dev.towpath.tcp;

import dev.towpath.demux.Flow;
import dev.towpath.info.TcpInfo;
import dev.towpath.ip.IpLayer;
import dev.towpath.ip.Path;
import dev.towpath.ip.TransportError;
import dev.towpath.mib.Counter;
import dev.towpath.tcp.congestion.Algorithm;
import dev.towpath.tcp.congestion.CongestionControl;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.TcpOptions;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One connection: the transmission control block of RFC 9293 section 3.3.1. It holds the variables by the RFC's names
 * and the parts that own more of them; what happens to them is written in {@link SegmentArrival}, {@link UserCalls},
 * {@link Timeouts} and {@link Output}. All calls under the stack's lock.
 *
 * <pre>
 *   send sequence space                                receive sequence space: see ReceiveQueue
 *        SND.UNA        SND.NXT        SND.UNA+SND.WND
 *     old   | in flight    | may be sent      | not allowed
 * </pre>
 */
public final class Tcb extends Flow {
    /**
     * Smallest segment that is sent, whatever the peer's MSS option says: headers must not outweigh data without bound.
     */
    static final int LEAST_MSS = 48;

    /** What a SYN without the option means (RFC 9293 section 3.7.1, MUST-15). */
    static final int DEFAULT_MSS = 536;

    final TcpLayer layer;
    TcpSettings settings;
    final SendQueue sendQueue;
    final ReceiveQueue receiveQueue;
    final RttEstimator rtt;
    final AckPolicy acks = new AckPolicy();
    final ReceiveTuning receiveTuning = new ReceiveTuning();
    final SmallSegments small = new SmallSegments();
    CongestionControl congestion;
    private Algorithm algorithm;
    final Ecn ecn = new Ecn();
    LossRecovery loss = NothingSent.INSTANCE;

    final Statistics stats = new Statistics();
    /** Shared while nothing has been queued. */
    SendLimits limits = SendLimits.NONE;
    /** Shared while nothing has been sent. */
    DeliveryRate delivery = DeliveryRate.NONE;
    /** What the buffers have grown to by themselves, if that is more than the settings say. */
    int tunedReceiveBuffer;

    int tunedSendBuffer;
    final WindowUse use = new WindowUse();
    /** Null where nothing is paced. */
    @Nullable
    Pacer pacer;

    private @Nullable Deadlines deadlines;

    Path path;
    ConnectionEvents events;
    /** Set while it is in a listener's SYN or accept queue. */
    @Nullable
    Listener listener;

    private State state = State.CLOSED;

    int iss;
    int sndUna;
    int sndNxt;
    /**
     * The highest SND.NXT has been: a probe of a closed window is taken back when the window opens, but its ACK may
     * still come.
     */
    int sndMax;

    int sndWnd;
    int sndWl1;
    int sndWl2;
    int irs;

    /** The largest window the peer has offered: half of it is worth a segment (RFC 9293 section 3.8.6.2.1). */
    int maxSndWnd;
    /** Effective send MSS: payload bytes of a full segment (RFC 9293 section 3.7.1). */
    int sendMss;
    /** What the peer's SYN allowed. */
    int peerMss = DEFAULT_MSS;

    /** Null as long as nothing is known, and no data has been sent that could be too large. */
    @Nullable
    PathMtu pathMtu;

    /** Payload bytes of a full segment of the peer's, as offered in our SYN. */
    int receiveMss;

    byte sndScale;
    byte rcvScale;
    /** Both SYNs carried the window scale option. */
    boolean scaling;
    /** Both SYNs carried SACK permitted (RFC 2018). */
    boolean sackPermitted;
    /** Both SYNs carried timestamps (RFC 7323 section 3). */
    boolean timestamps;
    /** TS.Recent: the newest timestamp of the peer's on an in-order segment, which ours echo. */
    int tsRecent;
    /** When {@link #tsRecent} was taken: after 24 days it proves nothing. */
    long tsRecentAt;
    /** The window field of the last segment sent. */
    int advertisedWindow;
    /** Last.ACK.sent. */
    int lastAckSent;
    /**
     * What our clock is shifted by on this connection, so that it tells nothing of the machine (RFC 7323 section 7.1).
     */
    int tsOffset;

    boolean established;
    /** The application has no more to send: a FIN goes behind what is queued. */
    boolean finQueued;

    boolean finAcked;
    boolean inputShut;
    /** The application has closed its socket: nobody will read. */
    boolean orphan;
    /** The one byte beyond a closed window is out. */
    boolean probing;
    /** The SYN, or SYN-ACK, must go at the end of the batch. */
    boolean synDue;
    /** The SYN, or SYN-ACK, was sent more than once. */
    boolean synResent;
    /** The application was told that it can't write: tell it when it can. */
    boolean wantsSpace;
    /** When data was last sent, for restarting after idle. */
    long lastSent;
    /** When the peer was last heard. */
    long lastHeard;

    int keepAlivesUnanswered;
    int challengeSecond;
    int challenges;
    /** An error that explains a later time-out but does not end the connection (RFC 5461, RFC 5927). */
    @Nullable
    TransportError softError;

    @Nullable
    TransportError failure;

    /** In the layer's list of connections with something to do at the end of the batch. */
    boolean dirty;

    @Nullable
    Tcb nextDirty;

    Tcb(TcpLayer layer, Path path, int localPort, int remotePort, TcpSettings settings, ConnectionEvents events) {
        super(
                IpLayer.TCP,
                path.source().high(),
                path.source().low(),
                localPort,
                path.destination().high(),
                path.destination().low(),
                remotePort);
        this.layer = layer;
        this.path = path;
        this.settings = settings;
        this.events = events;
        this.algorithm = settings.congestion;
        this.congestion = algorithm.make();
        this.pacer = settings.paced() ? new Pacer() : null;
        this.sendQueue = new SendQueue(layer.parts().buffers());
        this.receiveMss = offeredMss();
        this.receiveQueue = new ReceiveQueue(layer.parts().buffers(), layer.rangePool(), receiveCapacity());
        this.pathMtu = PathMtu.known(this);
        this.rtt = new RttEstimator(layer.parts().config());
        this.rcvScale = (byte) scaleFor(Math.max(settings.receiveBuffer, settings.maxReceiveBuffer));
        this.lastHeard = layer.now();
        acks.quick(settings.quickAck);
    }

    /** What it waits for: lent while it waits for anything, since most connections are idle at most times. */
    Deadlines deadlines() {
        Deadlines lent = deadlines;
        if (lent == null) {
            lent = layer.deadlines().lend(this);
            deadlines = lent;
        }
        return lent;
    }

    /** The same, or null if it waits for nothing. */
    @Nullable
    Deadlines deadlinesIfAny() {
        return deadlines;
    }

    /** It waits for nothing any more. */
    void giveDeadlinesBack() {
        if (deadlines != null) {
            layer.deadlines().giveBack(deadlines);
            deadlines = null;
        }
    }

    /** What is found out about the size of what the path takes. */
    PathMtu pathMtu() {
        PathMtu known = pathMtu;
        if (known == null) {
            known = new PathMtu(this);
            pathMtu = known;
        }
        return known;
    }

    int pathMtuLimit() {
        return pathMtu == null ? PathMtu.UNLIMITED : pathMtu.limit();
    }

    private static int scaleFor(int receiveBuffer) {
        int scale = 0;
        while (scale < TcpOptions.MAX_WINDOW_SCALE && 65_535L << scale < receiveBuffer) {
            scale++;
        }
        return scale;
    }

    /** The only way from state to state. */
    void enter(State next) {
        layer.parts().mib().count(Counter.TCP_CURR_ESTAB, counted(next) - counted(state));
        state = next;
    }

    private static int counted(State state) {
        return state == State.ESTABLISHED || state == State.CLOSE_WAIT ? 1 : 0;
    }

    /** Something must be sent, or looked at, at the end of the batch. */
    void touch() {
        layer.touch(this);
    }

    /** As {@link #tellSocket}, if the application waits to write and now may. */
    void tellIfWritable() {
        if (wantsSpace && writable()) {
            tellSocket();
        }
    }

    void tellSocket() {
        events.readinessChanged(this);
    }

    /** The number of the FIN that is or will be sent. */
    int finSeq() {
        return sndUna + sendQueue.length();
    }

    /** Bytes that have never been sent. */
    int unsent() {
        int end = sndUna + sendQueue.length();
        return SeqNum.lessThan(sndNxt, end) ? end - sndNxt : 0;
    }

    boolean finSent() {
        return finAcked || (finQueued && SeqNum.lessThan(finSeq(), sndNxt));
    }

    /** MSS option of our SYN: what the path's MTU leaves, options never subtracted (RFC 6691). */
    int offeredMss() {
        int most = path.mtu() - path.headerLength() - TcpLayer.HEADER;
        return settings.maxSegment > 0 ? Math.min(settings.maxSegment, most) : most;
    }

    /**
     * Bytes that the queue of the link to a neighbour takes at once, where each segment of {@code mss} bytes is a frame
     * of its own. With more in flight the queue overflows again and again, whatever congestion control does.
     */
    int linkRoom(int mss) {
        boolean framesAreSegments = path.onLink() && path.maxSuperSegment() == 0;
        return framesAreSegments
                ? (int) Math.min(Integer.MAX_VALUE, (long) path.queueFrames() * mss)
                : Integer.MAX_VALUE;
    }

    /** The receive buffer as far as the link's queue lets the peer fill it. */
    int receiveCapacity() {
        return Math.min(receiveBuffer(), linkRoom(receiveMss));
    }

    /** SO_RCVBUF as it is now. */
    public int receiveBuffer() {
        return tuned(settings.receiveBuffer, settings.maxReceiveBuffer, tunedReceiveBuffer);
    }

    /** SO_SNDBUF as it is now. */
    public int sendBuffer() {
        return tuned(settings.sendBuffer, settings.maxSendBuffer, tunedSendBuffer);
    }

    private static int tuned(int first, int ceiling, int grown) {
        return ceiling == 0 ? first : Math.max(first, grown);
    }

    /** Recomputes the segment size from the path, the peer and TCP_MAXSEG. */
    void updateSendMss() {
        sendMss = Math.max(LEAST_MSS, Math.min(Math.min(peerMss, pathMtuLimit()), offeredMss()) - optionBytes());
    }

    /**
     * TCP_CONGESTION may have changed, and the new control goes on with the window of the old one, as in Linux; or
     * SO_MAX_PACING_RATE.
     */
    void updateCongestionControl() {
        if (!settings.paced()) {
            pacer = null;
        } else if (pacer == null) {
            pacer = new Pacer();
        }
        if (settings.congestion != algorithm) {
            algorithm = settings.congestion;
            CongestionControl next = algorithm.make();
            next.begin(sendMss, congestion.cwnd(), congestion.ssthresh());
            congestion = next;
        }
    }

    /** Bytes of options in every segment: the sender takes them off the MSS (RFC 6691 section 3). */
    int optionBytes() {
        return timestamps ? TcpOptions.TIMESTAMPS_LENGTH : 0;
    }

    /** Our timestamp clock at another time. */
    int tsAt(long nanos) {
        return ticks(nanos) + tsOffset;
    }

    /** The clock that all timestamps are taken from, unshifted. */
    static int ticks(long nanos) {
        return (int) (nanos / 1_000_000);
    }

    /** Our timestamp clock, in milliseconds (RFC 7323 section 5.4: between 1 ms and 1 s a tick). */
    int tsNow() {
        return tsAt(layer.now());
    }

    /** The local address. */
    public IpAddress localAddress() {
        return path.source();
    }

    /** The remote address. */
    public IpAddress remoteAddress() {
        return path.destination();
    }

    /** Where in its life it is. */
    public State state() {
        return state;
    }

    /** Its socket options. */
    public TcpSettings settings() {
        return settings;
    }

    /** The same, to be changed: whoever else has them keeps them as they are. */
    public TcpSettings ownSettings() {
        settings = settings.own();
        return settings;
    }

    /** To be called after a change of {@link #ownSettings}. */
    public void settingsChanged() {
        layer.userCalls().settingsChanged(this);
    }

    /** What is queued goes now, TCP_CORK or not: to be called when TCP_NODELAY is switched on. */
    public void push() {
        small.push();
        touch();
    }

    /** TCP_QUICKACK: acknowledges at once for a while, or lets ACKs wait for data from now on. */
    public void quickAck(boolean on) {
        acks.quick(on);
        touch();
    }

    /** Acknowledges at once now. */
    public boolean quickAck() {
        return acks.quick();
    }

    /** From now on {@code newEvents} hears of changes. */
    public void events(ConnectionEvents newEvents) {
        this.events = newEvents;
    }

    /** It is opening, and has not been established yet. */
    public boolean handshaking() {
        return state == State.SYN_SENT || (state == State.SYN_RECEIVED && !established);
    }

    /** Has connected at some time, even if it has been closed since. */
    public boolean wasEstablished() {
        return established;
    }

    /** Bytes that {@link #receive} would return. */
    public int available() {
        return receiveQueue.available();
    }

    /**
     * The peer's FIN has come, and all before it has been received: end of stream. Also after {@link #shutdownInput}.
     */
    public boolean inputEnded() {
        return available() == 0 && (receiveQueue.finTaken() || inputShut || state == State.CLOSED);
    }

    /** The peer's FIN has come, and all before it: it sends no more. */
    public boolean peerFinished() {
        return receiveQueue.finTaken();
    }

    /** Bytes that {@link #send} would take. */
    public int sendSpace() {
        if (outputEnded()) {
            return 0;
        }
        int room = sendQueue.limit(sendBuffer()) - sendQueue.length();
        int lowWater = settings.notSentLowWater;
        return Math.max(0, lowWater > 0 ? Math.min(room, lowWater - unsent()) : room);
    }

    /**
     * Enough room in the send buffer to call it writable (a third of it is free, and less than half of
     * TCP_NOTSENT_LOWAT waits to be sent), or sending would fail at once. Not before it is established.
     */
    public boolean writable() {
        if (outputEnded()) {
            return true;
        }
        int limit = sendQueue.limit(sendBuffer());
        int lowWater = settings.notSentLowWater;
        boolean fewUnsent = lowWater == 0 || unsent() <= (lowWater - 1) / 2;
        boolean writable = established && fewUnsent && limit > 0 && limit - sendQueue.length() >= limit / 3;
        wantsSpace = !writable;
        if (wantsSpace && established && sendQueue.length() == 0) {
            layer.awaitMemory(this); // no ACK will come that could make it writable
        }
        return writable;
    }

    /** Nothing more may be sent: {@link #shutdownOutput} or close was called, or the connection is gone. */
    public boolean outputEnded() {
        return finQueued || state == State.CLOSED;
    }

    /** Bytes sent or waiting, and the FIN, that the peer has not acknowledged: what SO_LINGER waits for. */
    public int unacknowledged() {
        return sendQueue.length() + (finQueued && !finAcked && state != State.CLOSED ? 1 : 0);
    }

    /** Why the connection failed, or null; stays. */
    public @Nullable TransportError failure() {
        return failure;
    }

    /** All that can be told of it: TCP_INFO. */
    public TcpInfo info() {
        return Snapshot.of(this);
    }

    /** Largest segment that is sent now: TCP_MAXSEG. */
    public int sendMss() {
        return sendMss;
    }

    /**
     * SEND (RFC 9293 section 3.10.2): takes what fits of {@code data}, whose position advances.
     *
     * @param moreFollows the caller will send more at once: do not let a small segment go yet (MSG_MORE)
     * @return bytes taken; 0 if the send buffer is full or nothing more may be sent ({@link #outputEnded})
     */
    public int send(ByteBuffer data, boolean moreFollows) {
        return layer.userCalls().send(this, data, moreFollows);
    }

    /**
     * RECEIVE (section 3.10.3): copies what is there, as much as fits; returns bytes copied, 0 if none. With
     * {@code peek} it stays.
     */
    public int receive(ByteBuffer into, boolean peek) {
        return layer.userCalls().receive(this, into, peek);
    }

    /** Receives at most {@code most} bytes and throws them away, without a copy; returns how many. */
    public int discard(int most) {
        return layer.userCalls().discard(this, most);
    }

    /**
     * CLOSE in the RFC's sense (section 3.10.4): no more to send; FIN follows what is queued. Receiving goes on.
     * Idempotent.
     */
    public void shutdownOutput() {
        layer.userCalls().shutdownOutput(this);
    }

    /**
     * Receiving ends here: what is queued stays readable, what arrives later is acknowledged and thrown away (as Linux
     * does).
     */
    public void shutdownInput() {
        layer.userCalls().shutdownInput(this);
    }

    /**
     * The application is done with it. With unread data: reset (RFC 2525 section 2.17). Else FIN, and data that arrives
     * later is answered by a reset.
     */
    public void close() {
        layer.userCalls().close(this);
    }

    /** ABORT (section 3.10.5): a reset to the peer, and nothing is left. */
    public void abort() {
        layer.userCalls().abort(this);
    }

    @Override
    public String toString() {
        return localAddress() + ":" + localPort() + " > " + remoteAddress() + ":" + remotePort() + " " + state;
    }
}
