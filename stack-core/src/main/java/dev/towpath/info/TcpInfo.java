package dev.towpath.info;

/**
 * One connection at one moment: what {@code getsockopt(TCP_INFO)} and {@code ss -ti} tell, by Linux's names. A copy:
 * changing it changes nothing. Where Linux counts segments in flight, this stack counts bytes, and the name says so;
 * times and rates have their unit in the name.
 */
public final class TcpInfo {
    /** What congestion control is about, as Linux's {@code tcpi_ca_state}. */
    public enum CaState {
        /** Nothing is wrong. */
        OPEN,
        /** Duplicate ACKs or SACK blocks, but nothing is held to be lost yet. */
        DISORDER,
        /** The window was cut on the network's word (ECN). */
        CWR,
        /** Fast recovery: ACKs have told of a loss. */
        RECOVERY,
        /** The retransmission timer has expired. */
        LOSS
    }

    /** Nothing known yet. */
    public TcpInfo() {}

    // ---- what was agreed ----

    /** A state of RFC 9293 section 3.3.2. */
    public String state = "";

    /** Name of the congestion control. */
    public String congestionControl = "";

    /** Both ends send timestamps (RFC 7323). */
    public boolean timestamps;

    /** Both ends send selective acknowledgments (RFC 2018). */
    public boolean sack;

    /** Both ends scale windows (RFC 7323). */
    public boolean windowScale;

    /** Explicit congestion notification was agreed on (RFC 3168). */
    public boolean ecn;

    /** Shift of the peer's windows. */
    public int sndWscale;

    /** Shift of our windows. */
    public int rcvWscale;

    /** Payload bytes of a full segment that is sent. */
    public int sndMss;

    /** Payload bytes of the largest segment that the peer seems to send. */
    public int rcvMss;

    /** The MSS that our SYN offered. */
    public int advmss;

    /** Bytes of the largest packet that the path is held to take. */
    public int pmtu;

    // ---- round trip and timers ----

    /** Smoothed round-trip time; 0 before the first sample. */
    public long rttNanos;

    /** Its mean deviation. */
    public long rttvarNanos;

    /** The least round-trip time of the last minutes; 0 before the first sample. */
    public long minRttNanos;

    /** The round-trip time as the receiver of data sees it; 0 before the first sample. */
    public long rcvRttNanos;

    /** Retransmission time-out, back-off included. */
    public long rtoNanos;

    /** What an ACK waits for data to carry it. */
    public long atoNanos;

    // ---- congestion and loss ----

    /** What congestion control is about. */
    public CaState caState = CaState.OPEN;

    /** The congestion window in full segments, rounded down. */
    public int sndCwnd;

    /** The congestion window in bytes. */
    public int sndCwndBytes;

    /** The slow start threshold in bytes; {@link Integer#MAX_VALUE} while there is none. */
    public int sndSsthreshBytes;

    /** Bytes sent and not acknowledged. */
    public int unackedBytes;

    /** Of these, bytes that SACK blocks cover. */
    public int sackedBytes;

    /** Of these, bytes held to be lost and not sent again yet. */
    public int lostBytes;

    /** How long RACK waits for what may only be reordered (RFC 8985 section 6.2). */
    public long reoWndNanos;

    /** How often something was delivered out of the order of sending. */
    public long reordSeen;

    /** How often the peer reported that it had got something twice (RFC 2883). */
    public long dsackDups;

    /** Segments sent again, in all. */
    public long totalRetrans;

    /** Bytes sent again, in all. */
    public long bytesRetrans;

    // ---- what was carried ----

    /** Bytes of data sent, those sent again included. */
    public long bytesSent;

    /** Bytes of data that the peer has acknowledged. */
    public long bytesAcked;

    /** Bytes of data that have come in order. */
    public long bytesReceived;

    /** Bytes of data that the peer has told of, by ACK or SACK. */
    public long deliveredBytes;

    /** Segments in ACKs that echoed a mark of congestion. */
    public long deliveredCe;

    /** Segments sent. */
    public long segsOut;

    /** Segments received. */
    public long segsIn;

    /** Segments sent with data. */
    public long dataSegsOut;

    /** Segments received with data. */
    public long dataSegsIn;

    /** Segments received out of order. */
    public long rcvOoopack;

    /** Bytes of data written and never sent yet. */
    public int notsentBytes;

    // ---- buffers, windows and rates ----

    /** The peer's window. */
    public int sndWnd;

    /** Our window. */
    public int rcvWnd;

    /** Bytes that the send buffer holds at most now. */
    public int sndBuf;

    /** Bytes that the receive buffer holds at most now. */
    public int rcvBuf;

    /** Bytes that the application has read in one round trip, at most: what the receive buffer is tuned by. */
    public int rcvSpace;

    /** Bytes per second at which the peer has got data in the last round trip that tells. */
    public long deliveryRate;

    /** {@link #deliveryRate} says less than the path can carry, because the application did not send more. */
    public boolean deliveryRateAppLimited;

    /** Bytes per second that the window allows, and pacing if it is on. */
    public long pacingRate;

    // ---- times ----

    /** Since data was last sent. */
    public long lastDataSentNanos;

    /** Since data was last received; 0 if never. */
    public long lastDataRecvNanos;

    /** Since an ACK was last received; 0 if never. */
    public long lastAckRecvNanos;

    /** How long there was something to send, or to be acknowledged. */
    public long busyTimeNanos;

    /** Of this, how long the peer's window was what held it back. */
    public long rwndLimitedNanos;

    /** Of this, how long the send buffer was: all in it was in flight, and the application wanted to write more. */
    public long sndbufLimitedNanos;

    /** As {@code ss -ti} shows it. */
    @Override
    public String toString() {
        return state
                + " "
                + congestionControl
                + (timestamps ? " ts" : "")
                + (sack ? " sack" : "")
                + (ecn ? " ecn" : "")
                + (windowScale ? " wscale:" + sndWscale + "," + rcvWscale : "")
                + " rto:" + millis(rtoNanos)
                + " rtt:" + millis(rttNanos) + "/" + millis(rttvarNanos)
                + " mss:" + sndMss
                + " pmtu:" + pmtu
                + " rcvmss:" + rcvMss
                + " advmss:" + advmss
                + " cwnd:" + sndCwnd
                + (sndSsthreshBytes < Integer.MAX_VALUE ? " ssthresh:" + sndSsthreshBytes / Math.max(1, sndMss) : "")
                + " bytes_sent:" + bytesSent
                + " bytes_retrans:" + bytesRetrans
                + " bytes_acked:" + bytesAcked
                + " bytes_received:" + bytesReceived
                + " segs_out:" + segsOut
                + " segs_in:" + segsIn
                + " delivery_rate:" + 8 * deliveryRate + "bps"
                + (deliveryRateAppLimited ? " app_limited" : "")
                + " busy:" + millis(busyTimeNanos)
                + " rwnd_limited:" + millis(rwndLimitedNanos)
                + " sndbuf_limited:" + millis(sndbufLimitedNanos)
                + " unacked:" + unackedBytes
                + " retrans:" + totalRetrans
                + " lost:" + lostBytes
                + " sacked:" + sackedBytes
                + " notsent:" + notsentBytes
                + " minrtt:" + millis(minRttNanos)
                + " snd_wnd:" + sndWnd
                + " rcv_wnd:" + rcvWnd;
    }

    private static String millis(long nanos) {
        return nanos / 1_000_000 + "." + (nanos / 100_000 % 10) + "ms";
    }
}
