package dev.towpath.socket;

import static dev.towpath.socket.OptionTable.bufferSize;
import static dev.towpath.socket.OptionTable.within;

import java.util.Optional;

/** The options of UDP sockets. */
final class UdpOptionTable {
    /** As in Linux: what its 16 bits hold. */
    static final int MOST_SEGMENT = 65_535;

    private UdpOptionTable() {}

    static OptionTable<UdpSocket> make() {
        OptionTable<UdpSocket> table = new OptionTable<UdpSocket>()
                .with(SockOpt.SO_TYPE, s -> SocketConstants.SOCK_DGRAM)
                .with(
                        SockOpt.SO_ERROR,
                        s -> Optional.ofNullable(s.endpoint.takeError()).map(Errno::of))
                .with(SockOpt.SO_ACCEPTCONN, s -> false)
                .with(SockOpt.SO_BROADCAST, s -> s.broadcast, (s, on) -> {
                    s.broadcast = on;
                    s.endpoint.broadcast(on);
                })
                .with(SockOpt.SO_RCVBUF, s -> s.receiveBuffer, (s, bytes) -> {
                    s.receiveBuffer = bufferSize(SockOpt.SO_RCVBUF, bytes);
                    s.endpoint.receiveBuffer(s.receiveBuffer);
                })
                .with(
                        SockOpt.SO_SNDBUF,
                        s -> s.sendBuffer,
                        (s, bytes) -> s.sendBuffer = bufferSize(SockOpt.SO_SNDBUF, bytes)) // datagrams leave at once
                .with(SockOpt.IP_TTL, s -> s.hopLimit, (s, ttl) -> {
                    s.hopLimit = within(SockOpt.IP_TTL, ttl, 1, 255);
                    s.endpoint.hopLimit(ttl);
                })
                .with(SockOpt.IP_TOS, s -> s.trafficClass, (s, tos) -> {
                    s.trafficClass = within(SockOpt.IP_TOS, tos, 0, 255);
                    s.endpoint.trafficClass(tos);
                })
                .with(
                        SockOpt.UDP_SEGMENT,
                        s -> s.segmentSize,
                        (s, bytes) -> s.segmentSize = within(SockOpt.UDP_SEGMENT, bytes, 0, MOST_SEGMENT))
                .with(SockOpt.IP_DONTFRAG, s -> s.dontFragment, (s, on) -> {
                    s.dontFragment = on;
                    s.endpoint.dontFragment(on);
                })
                .with(SockOpt.UDP_GRO, s -> s.groups, (s, on) -> {
                    s.groups = on;
                    s.endpoint.groups(on);
                });
        return withMulticast(table);
    }

    private static OptionTable<UdpSocket> withMulticast(OptionTable<UdpSocket> table) {
        return table.with(SockOpt.IP_MULTICAST_TTL, s -> s.multicast.hopLimit, (s, ttl) -> s.multicast.hopLimit(ttl))
                .with(SockOpt.IP_MULTICAST_LOOP, s -> s.multicast.loop, (s, on) -> s.multicast.loop(on))
                .with(SockOpt.IP_MULTICAST_ALL, s -> s.multicast.all, (s, on) -> s.multicast.all(on))
                .with(SockOpt.IP_MULTICAST_IF, s -> s.multicast.outgoing, (s, name) -> s.multicast.outgoing(name))
                .writeOnly(SockOpt.IP_ADD_MEMBERSHIP, (s, m) -> s.multicast.join(m.group(), m.interfaceName()))
                .writeOnly(SockOpt.IP_DROP_MEMBERSHIP, (s, m) -> s.multicast.leave(m.group(), m.interfaceName()))
                .writeOnly(
                        SockOpt.IP_ADD_SOURCE_MEMBERSHIP,
                        (s, m) -> s.multicast.joinSource(m.group(), m.interfaceName(), m.source()))
                .writeOnly(
                        SockOpt.IP_DROP_SOURCE_MEMBERSHIP,
                        (s, m) -> s.multicast.leaveSource(m.group(), m.interfaceName(), m.source()))
                .writeOnly(
                        SockOpt.IP_BLOCK_SOURCE, (s, m) -> s.multicast.block(m.group(), m.interfaceName(), m.source()))
                .writeOnly(
                        SockOpt.IP_UNBLOCK_SOURCE,
                        (s, m) -> s.multicast.unblock(m.group(), m.interfaceName(), m.source()));
    }
}
