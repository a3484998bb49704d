package dev.towpath.socket;

import static dev.towpath.socket.OptionTable.within;

import dev.towpath.ip.GroupLayer;
import dev.towpath.ip.TransportError;
import dev.towpath.udp.UdpEndpoint;
import dev.towpath.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/** What a datagram socket does with multicast, with interfaces by name and errors by Berkeley's names. Under the lock. */
final class MulticastOptions {
    private static final String SET = "setsockopt";

    private final GroupLayer ip;
    private final UdpEndpoint endpoint;
    int hopLimit = 1;
    boolean loop = true;
    boolean all = true;
    /** The interface's name, or empty. */
    String outgoing = "";

    MulticastOptions(GroupLayer ip, UdpEndpoint endpoint) {
        this.ip = ip;
        this.endpoint = endpoint;
    }

    void hopLimit(int ttl) throws ErrnoException {
        hopLimit = within(SockOpt.IP_MULTICAST_TTL, ttl, 0, 255);
        endpoint.multicastHopLimit(ttl);
    }

    void loop(boolean on) {
        loop = on;
        endpoint.multicastLoop(on);
    }

    void all(boolean on) {
        all = on;
        endpoint.multicastAll(on);
    }

    void outgoing(String name) throws ErrnoException {
        if (name.isEmpty()) {
            outgoing = "";
            endpoint.multicastInterface(-1);
            return;
        }
        int index = named(name);
        outgoing = ip.interfaceName(index);
        endpoint.multicastInterface(index);
    }

    void join(IpAddress group, String on) throws ErrnoException {
        int index = interfaceOf(group, on);
        check(endpoint.memberships().join(index, group), index, group, null);
    }

    void leave(IpAddress group, String on) throws ErrnoException {
        int index = interfaceOf(group, on);
        check(endpoint.memberships().leave(index, group), index, group, null);
    }

    void joinSource(IpAddress group, String on, IpAddress source) throws ErrnoException {
        int index = interfaceOf(group, on, source);
        check(endpoint.memberships().joinSource(index, group, source), index, group, source);
    }

    void leaveSource(IpAddress group, String on, IpAddress source) throws ErrnoException {
        int index = interfaceOf(group, on, source);
        check(endpoint.memberships().leaveSource(index, group, source), index, group, source);
    }

    void block(IpAddress group, String on, IpAddress source) throws ErrnoException {
        int index = interfaceOf(group, on, source);
        check(endpoint.memberships().block(index, group, source), index, group, source);
    }

    void unblock(IpAddress group, String on, IpAddress source) throws ErrnoException {
        int index = interfaceOf(group, on, source);
        check(endpoint.memberships().unblock(index, group, source), index, group, source);
    }

    private int interfaceOf(IpAddress group, String on, IpAddress source) throws ErrnoException {
        if (!source.isV4() || source.isMulticast() || source.isAny()) {
            throw new ErrnoException(Errno.EINVAL, SET, source + " can't be the source of a multicast");
        }
        return interfaceOf(group, on);
    }

    private int interfaceOf(IpAddress group, String on) throws ErrnoException {
        if (!group.isV4() || !group.isMulticast()) {
            throw new ErrnoException(
                    Errno.EINVAL, SET, group + " is no IPv4 multicast address; those are 224.0.0.0 to 239.255.255.255");
        }
        if (!on.isEmpty()) {
            return named(on);
        }
        int index = ip.interfaceTowards(group);
        if (index < 0) {
            throw new ErrnoException(Errno.ENODEV, SET, "for " + group);
        }
        return index;
    }

    private int named(String name) throws ErrnoException {
        int index = ip.interfaceNamed(name);
        if (index < 0) {
            throw new ErrnoException(Errno.ENODEV, SET, "'" + name + "'");
        }
        return index;
    }

    private void check(@Nullable TransportError error, int index, IpAddress group, @Nullable IpAddress source)
            throws ErrnoException {
        if (error != null) {
            String what = group + (source == null ? "" : " from " + source) + " on " + ip.interfaceName(index);
            throw new ErrnoException(Errno.of(error), SET, what);
        }
    }
}
