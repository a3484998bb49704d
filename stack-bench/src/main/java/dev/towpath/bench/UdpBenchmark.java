package dev.towpath.bench;

import static dev.towpath.socket.SocketConstants.MSG_DONTWAIT;

import dev.towpath.link.MemoryLink;
import dev.towpath.link.MemoryWire;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.MsgHdr;
import dev.towpath.socket.SockOpt;
import dev.towpath.socket.UdpSocket;
import dev.towpath.stack.NetworkStack;
import dev.towpath.stack.Simulation;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** One datagram from socket to socket over a wire in memory: alone, in a batch of 32, or in a super-datagram of 32. */
public class UdpBenchmark extends SteadyState {
    private static final int BATCH = 32;
    private static final IpAddress SERVER = IpAddress.parse("192.0.2.2");
    private static final int PORT = 7;
    private static final Duration GAP = Duration.ofNanos(10_000);

    /** Payload. */
    @Param({"64", "1400"})
    public int bytes;

    /** What the wire takes off the stacks. */
    @Param
    public TwoHosts.Link link;

    private final Simulation simulation = new Simulation(1);
    private NetworkStack client;
    private NetworkStack server;
    private UdpSocket near;
    private UdpSocket far;
    private MsgHdr[] sent;
    private MsgHdr[] received;
    private MsgHdr joined;
    private MsgHdr whole;

    /** Connects. */
    @Setup
    public void open() throws ErrnoException {
        MemoryWire wire = new MemoryWire(link == TwoHosts.Link.OFFLOAD ? MemoryLink.DEFAULT : MemoryLink.PLAIN);
        client = simulation.host("client").device(wire.left(), "192.0.2.1/24").start();
        server = simulation.host("server").device(wire.right(), SERVER + "/24").start();
        near = UdpSocket.open(client);
        near.connect(SERVER, PORT);
        far = UdpSocket.open(server);
        far.bind(SERVER, PORT);
        sent = MsgHdr.batch(BATCH, bytes);
        received = MsgHdr.batch(BATCH, bytes);
        joined = new MsgHdr(ByteBuffer.allocateDirect(BATCH * bytes));
        joined.segmentSize = bytes;
        whole = new MsgHdr(ByteBuffer.allocateDirect(BATCH * bytes));
    }

    /** Ends the stacks. */
    @TearDown
    public void close() {
        client.close();
        server.close();
    }

    /** A call to send it and one to receive it. */
    @Benchmark
    public int one() throws ErrnoException {
        near.send(sent[0].data.clear(), 0);
        simulation.run(GAP);
        return far.recv(received[0].data.clear(), MSG_DONTWAIT);
    }

    /** A call to send 32 and one to receive them. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int batch() throws ErrnoException {
        for (int i = 0; i < BATCH; i++) {
            sent[i].data.clear();
            received[i].data.clear();
        }
        near.sendMmsg(sent, 0);
        simulation.run(GAP);
        int count = far.recvMmsg(received, MSG_DONTWAIT);
        if (count != BATCH) {
            throw new AssertionError(count + " of " + BATCH);
        }
        return count;
    }

    /** 32 sent as one message, and received as one where they came in one frame. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int superDatagram() throws ErrnoException {
        far.option(SockOpt.UDP_GRO, true);
        joined.data.clear();
        near.sendMsg(joined, 0);
        simulation.run(GAP);
        whole.data.clear();
        while (whole.data.hasRemaining()) {
            far.recvMsg(whole, MSG_DONTWAIT);
        }
        return whole.data.position();
    }
}
