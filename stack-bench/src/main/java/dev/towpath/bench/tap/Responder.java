package dev.towpath.bench.tap;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.link.DeviceWait;
import dev.towpath.tap.Offload;
import dev.towpath.tap.TapDevice;
import dev.towpath.wire.ArpHeader;
import dev.towpath.wire.Checksum;
import dev.towpath.wire.EthernetHeader;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import dev.towpath.wire.Ipv4Header;
import dev.towpath.wire.TcpHeader;
import dev.towpath.wire.TcpOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The ceiling: what a TAP allows. It answers SYNs, acknowledges data that comes in order and sends bytes without end,
 * and is no TCP: it has no retransmission, no timers, no reassembly, no congestion control, no API and no locks. What a
 * TCP needs beyond this is what its distance from this figure shows.
 */
final class Responder {
    private static final int TCP = 6;
    private static final int IP = Frame.HEADROOM - Ipv4Header.MIN_LENGTH;
    private static final int ETHERNET = IP - EthernetHeader.LENGTH;
    private static final int OPTIONS = Frame.HEADROOM + TcpHeader.MIN_LENGTH;
    private static final int MSS = 1460;
    private static final int WINDOW_SCALE = 8;
    private static final int WINDOW = 4096;
    private static final int SYN_WINDOW = 0xffff;
    private static final int ISS = 1_000_000;
    private static final int TTL = 64;

    /** Segments in a super-segment. */
    private static final int SUPER_SEGMENT = 40;

    /** More in flight only fills queues. */
    private static final int MOST_IN_FLIGHT = 3_000_000;

    /** Frames before it looks whether an ACK is owed. */
    private static final int BATCH = 256;

    /** Without offload, a frame is a segment: an ACK for each would cost more than the segment. */
    private static final int PLAIN_ACK_EVERY = 64;

    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final TapDevice tap;
    private final boolean offload;
    private final int address = (int) IpAddress.parse(Ports.SERVER).low();
    private final FramePool frames = new FramePool();
    private final Peer[] peers = new Peer[0x10000];
    private final TcpOptions options = new TcpOptions();
    private final ByteBuffer payload = ByteBuffer.allocateDirect(FramePool.LARGE);
    private int peerAddress;
    private long peerMac;
    private @Nullable Peer owed;

    private Responder(TapDevice tap, boolean offload) {
        this.tap = tap;
        this.offload = offload;
    }

    /** What it knows of a connection. */
    private static final class Peer {
        final int port;
        final int localPort;
        final int windowScale;
        final boolean timestamps;
        int tsRecent;
        int rcvNxt;
        int sndNxt = ISS;
        int sndUna = ISS;
        int sndWnd;
        int unacknowledged;
        boolean ackOwed;
        boolean ended;

        Peer(int port, int localPort, TcpOptions syn, int sequence) {
            this.port = port;
            this.localPort = localPort;
            windowScale = Math.max(syn.windowScale, 0);
            timestamps = syn.timestamps;
            tsRecent = syn.tsVal;
            rcvNxt = sequence + 1;
        }
    }

    /** Runs on a TAP, with offload unless it is told "off", until the process ends. */
    public static void main(String[] arguments) throws IOException {
        boolean offload = !arguments[1].equals("off");
        TapDevice tap = TapDevice.named(arguments[0])
                .offload(offload ? Offload.CHECKSUM_TCP : Offload.NONE)
                .hostAddress(IpPrefix.parse(Ports.CLIENT + "/24"))
                .open();
        new Responder(tap, offload).run();
    }

    private void run() {
        DeviceWait wait = tap.deviceWait();
        while (true) {
            int count = 0;
            for (Frame frame = tap.receive(0); frame != null; frame = tap.receive(0)) {
                receive(frame);
                frame.release();
                if (++count == BATCH) {
                    break;
                }
            }
            if (count < BATCH) {
                if (owed != null && owed.ackOwed && !owed.ended) {
                    acknowledge(owed);
                }
                wait.await(PATIENCE_NANOS);
            }
        }
    }

    private void receive(Frame frame) {
        ByteBuffer bytes = frame.bytes();
        int at = frame.start + EthernetHeader.LENGTH;
        int type = EthernetHeader.type(bytes, frame.start);
        if (type == EthernetHeader.ARP && ArpHeader.operation(bytes, at) == ArpHeader.REQUEST) {
            answerArp(bytes, at);
        } else if (type == EthernetHeader.IPV4
                && Ipv4Header.protocol(bytes, at) == TCP
                && Ipv4Header.destination(bytes, at) == address) {
            peerMac = EthernetHeader.source(bytes, frame.start);
            peerAddress = Ipv4Header.source(bytes, at);
            frame.transport = at + Ipv4Header.headerLength(bytes, at);
            frame.end = at + Ipv4Header.totalLength(bytes, at);
            if (frame.checksum != Frame.CHECKSUM_NONE || checksum(frame) == 0) {
                segmentArrives(frame);
            }
        }
    }

    private void segmentArrives(Frame frame) {
        ByteBuffer bytes = frame.bytes();
        int at = frame.transport;
        int flags = TcpHeader.flags(bytes, at);
        int data = at + TcpHeader.headerLength(bytes, at);
        int port = TcpHeader.sourcePort(bytes, at);
        options.clear();
        options.parse(bytes, at + TcpHeader.MIN_LENGTH, data);
        if ((flags & TcpHeader.SYN) != 0) {
            accept(new Peer(port, TcpHeader.destinationPort(bytes, at), options, TcpHeader.sequence(bytes, at)));
            return;
        }
        Peer peer = peers[port];
        if (peer == null || peer.ended || peer.localPort != TcpHeader.destinationPort(bytes, at)) {
            return;
        }
        if ((flags & TcpHeader.RST) != 0) {
            peer.ended = true;
            return;
        }
        if (options.timestamps) {
            peer.tsRecent = options.tsVal;
        }
        peer.sndWnd = TcpHeader.window(bytes, at) << peer.windowScale;
        int ack = TcpHeader.acknowledgment(bytes, at);
        if (ack - peer.sndUna > 0) {
            peer.sndUna = ack;
        }
        text(peer, frame, data, (flags & TcpHeader.FIN) != 0);
    }

    private void accept(Peer peer) {
        if (peer.localPort == Ports.ECHO || peer.localPort == Ports.DISCARD || peer.localPort == Ports.SOURCE) {
            peers[peer.port] = peer;
            send(peer, TcpHeader.SYN | TcpHeader.ACK, null, 0, 0);
            peer.sndNxt++;
        }
    }

    private void text(Peer peer, Frame frame, int data, boolean fin) {
        int length = frame.end - data;
        if (length > 0 || fin) {
            if (TcpHeader.sequence(frame.bytes(), frame.transport) != peer.rcvNxt) {
                acknowledge(peer);
                return;
            }
            peer.rcvNxt += length;
        }
        if (length > 0 && peer.localPort == Ports.ECHO) {
            send(peer, TcpHeader.ACK | TcpHeader.PSH, frame.bytes(), data, length);
            peer.sndNxt += length;
        } else if (length > 0) {
            peer.ackOwed = true;
            peer.unacknowledged++;
            owed = peer;
        }
        if (fin) {
            peer.rcvNxt++;
            send(peer, TcpHeader.FIN | TcpHeader.ACK, null, 0, 0);
            peer.sndNxt++;
            peer.ackOwed = false;
            return;
        }
        if (peer.unacknowledged >= (offload ? 1 : PLAIN_ACK_EVERY)) {
            acknowledge(peer);
        }
        if (peer.localPort == Ports.SOURCE) {
            pump(peer);
        }
    }

    private void pump(Peer peer) {
        int mss = MSS - (peer.timestamps ? TcpOptions.TIMESTAMPS_LENGTH : 0);
        int length = offload ? SUPER_SEGMENT * mss : mss;
        for (int budget = offload ? 8 : 32; budget > 0; budget--) {
            int inFlight = peer.sndNxt - peer.sndUna;
            if (inFlight + length > Math.min(peer.sndWnd, MOST_IN_FLIGHT)) {
                return;
            }
            send(peer, TcpHeader.ACK, payload, 0, length);
            peer.sndNxt += length;
        }
    }

    private void acknowledge(Peer peer) {
        send(peer, TcpHeader.ACK, null, 0, 0);
        peer.unacknowledged = 0;
        peer.ackOwed = false;
    }

    private void send(Peer peer, int flags, @Nullable ByteBuffer source, int from, int length) {
        boolean syn = (flags & TcpHeader.SYN) != 0;
        Frame frame = frames.take(OPTIONS + TcpHeader.MAX_LENGTH + length);
        ByteBuffer bytes = frame.bytes();
        int end = OPTIONS;
        if (syn) {
            end = TcpOptions.writeMss(bytes, end, MSS);
            end = TcpOptions.writeWindowScale(bytes, end, WINDOW_SCALE);
        }
        if (peer.timestamps) {
            int now = (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
            end = TcpOptions.writeTimestamps(bytes, end, now, peer.tsRecent);
        }
        frame.transport = Frame.HEADROOM;
        frame.end = end + length;
        if (length > 0) {
            bytes.put(end, Objects.requireNonNull(source), from, length);
        }
        int header = end - Frame.HEADROOM;
        TcpHeader.write(
                bytes,
                Frame.HEADROOM,
                peer.localPort,
                peer.port,
                peer.sndNxt,
                peer.rcvNxt,
                header,
                flags,
                syn ? SYN_WINDOW : WINDOW);
        Ipv4Header.setLengths(bytes, IP, Ipv4Header.MIN_LENGTH, 0, frame.end - IP);
        Ipv4Header.setFragment(bytes, IP, 0, Ipv4Header.DONT_FRAGMENT, 0);
        Ipv4Header.setTtlAndProtocol(bytes, IP, TTL, TCP);
        Ipv4Header.setAddresses(bytes, IP, address, peerAddress);
        Ipv4Header.fillChecksum(bytes, frame.words(), IP);
        finishChecksum(frame, length > MSS ? MSS - (header - TcpHeader.MIN_LENGTH) : 0);
        transmit(frame, EthernetHeader.IPV4, peerMac);
    }

    private void finishChecksum(Frame frame, int segmentSize) {
        int sum;
        if (offload) {
            frame.checksum = Frame.CHECKSUM_PARTIAL;
            frame.checksumStart = frame.transport;
            frame.checksumOffset = TcpHeader.CHECKSUM;
            frame.segmentSize = segmentSize;
            sum = Checksum.fold(pseudoHeaderSum(frame));
        } else {
            sum = checksum(frame);
        }
        TcpHeader.setChecksum(frame.bytes(), Frame.HEADROOM, sum);
    }

    /** The checksum to send, if the field is zero; zero if the field is right. */
    private int checksum(Frame frame) {
        long sum = Checksum.sum(frame.words(), frame.transport, frame.end - frame.transport);
        return Checksum.finish(sum + pseudoHeaderSum(frame));
    }

    private long pseudoHeaderSum(Frame frame) {
        return (address & 0xffff_ffffL) + (peerAddress & 0xffff_ffffL) + TCP + (frame.end - frame.transport);
    }

    private void answerArp(ByteBuffer request, int at) {
        if (ArpHeader.targetIp(request, at) != address) {
            return;
        }
        Frame frame = frames.take(EthernetHeader.MIN_FRAME + Frame.HEADROOM);
        long mac = ArpHeader.senderMac(request, at);
        int sender = ArpHeader.senderIp(request, at);
        ArpHeader.write(frame.bytes(), IP, ArpHeader.REPLY, tap.mac().bits(), address, mac, sender);
        frame.end = IP + ArpHeader.LENGTH;
        transmit(frame, EthernetHeader.ARP, mac);
    }

    private void transmit(Frame frame, int type, long to) {
        frame.start = ETHERNET;
        EthernetHeader.write(frame.bytes(), ETHERNET, to, tap.mac().bits(), type);
        tap.send(frame, 0);
    }
}
