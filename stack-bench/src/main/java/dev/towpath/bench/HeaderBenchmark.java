package dev.towpath.bench;

import dev.towpath.wire.EthernetHeader;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.Ipv4Header;
import dev.towpath.wire.MacAddress;
import dev.towpath.wire.TcpHeader;
import dev.towpath.wire.TcpOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** Reading the headers of a TCP segment in an Ethernet frame: validated, then every field that a stack looks at. */
public class HeaderBenchmark extends SteadyState {
    private static final int IP = EthernetHeader.LENGTH;
    private static final int TCP = IP + Ipv4Header.MIN_LENGTH;
    private static final int PAYLOAD = 1448;
    private static final int OPTIONS = TcpOptions.TIMESTAMPS_LENGTH;
    private static final int LENGTH = TCP + TcpHeader.MIN_LENGTH + OPTIONS + PAYLOAD;

    private ByteBuffer bytes;
    private ByteBuffer words;
    private final TcpOptions options = new TcpOptions();

    /** Writes the frame. */
    @Setup
    public void write() {
        bytes = ByteBuffer.allocateDirect(LENGTH);
        words = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        EthernetHeader.write(
                bytes, 0, MacAddress.local(2).bits(), MacAddress.local(1).bits(), EthernetHeader.IPV4);
        Ipv4Header.setLengths(bytes, IP, Ipv4Header.MIN_LENGTH, 0, LENGTH - IP);
        Ipv4Header.setFragment(bytes, IP, 0, Ipv4Header.DONT_FRAGMENT, 0);
        Ipv4Header.setTtlAndProtocol(bytes, IP, 64, 6);
        Ipv4Header.setAddresses(
                bytes,
                IP,
                IpAddress.parse("192.0.2.1").v4(),
                IpAddress.parse("192.0.2.2").v4());
        Ipv4Header.fillChecksum(bytes, words, IP);
        TcpHeader.write(bytes, TCP, 40_000, 80, 1, 1, TcpHeader.MIN_LENGTH + OPTIONS, TcpHeader.ACK, 0xffff);
        TcpOptions.writeTimestamps(bytes, TCP + TcpHeader.MIN_LENGTH, 7323, 793);
    }

    /** Addresses and type. */
    @Benchmark
    public long ethernet() {
        return EthernetHeader.validate(LENGTH)
                ? EthernetHeader.destination(bytes, 0) ^ EthernetHeader.source(bytes, 0) ^ EthernetHeader.type(bytes, 0)
                : invalid();
    }

    /** Lengths, header checksum, addresses, protocol, fragmentation, TTL, TOS. */
    @Benchmark
    public long ipv4() {
        if (Ipv4Header.validate(bytes, words, IP, LENGTH - IP) != Ipv4Header.Fault.NONE) {
            return invalid();
        }
        return Ipv4Header.source(bytes, IP)
                ^ Ipv4Header.destination(bytes, IP)
                ^ Ipv4Header.protocol(bytes, IP)
                ^ Ipv4Header.ttl(bytes, IP)
                ^ Ipv4Header.trafficClass(bytes, IP)
                ^ (Ipv4Header.isFragment(bytes, IP) ? 1 : 0);
    }

    /** Ports, sequence numbers, flags, window, and the timestamps option. */
    @Benchmark
    public long tcp() {
        if (!TcpHeader.validate(bytes, TCP, LENGTH - TCP)) {
            return invalid();
        }
        options.parse(bytes, TCP + TcpHeader.MIN_LENGTH, TCP + TcpHeader.headerLength(bytes, TCP));
        return TcpHeader.sourcePort(bytes, TCP)
                ^ TcpHeader.destinationPort(bytes, TCP)
                ^ TcpHeader.sequence(bytes, TCP)
                ^ TcpHeader.acknowledgment(bytes, TCP)
                ^ TcpHeader.flags(bytes, TCP)
                ^ TcpHeader.window(bytes, TCP)
                ^ options.tsVal
                ^ options.tsEcr;
    }

    /** All three. */
    @Benchmark
    public long frame() {
        return ethernet() ^ ipv4() ^ tcp();
    }

    private static long invalid() {
        throw new AssertionError("the headers that this class writes are valid");
    }
}
