package dev.towpath.nio;

import dev.towpath.jdk.Addresses;
import dev.towpath.jdk.Exceptions;
import dev.towpath.jdk.Interfaces;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.UdpSocket;
import dev.towpath.wire.IpAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.MembershipKey;
import java.nio.channels.MulticastChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A channel's memberships: the keys that it has given out and that are valid. From any thread. */
final class UdpMemberships {
    private final ReentrantLock lock = new ReentrantLock();
    private final UdpSocket socket;
    private final Map<InetAddress, List<UdpMembershipKey>> keys = new HashMap<>();

    UdpMemberships(UdpSocket socket) {
        this.socket = socket;
    }

    /**
     * Joins, or finds the key of the same join before.
     *
     * @param source whom to hear, or null for everybody
     */
    MembershipKey join(
            MulticastChannel channel, InetAddress group, NetworkInterface theirs, @Nullable InetAddress source)
            throws IOException {
        lock.lock();
        try {
            if (!group.isMulticastAddress() || !(group instanceof Inet4Address)) {
                throw new IllegalArgumentException(
                        group + " is no IPv4 multicast address; those are 224.0.0.0 to 239.255.255.255");
            }
            if (source != null) {
                checkSource(source);
            }
            if (!channel.isOpen()) {
                throw new ClosedChannelException();
            }
            String ours = Interfaces.name(socket.stack(), theirs);
            List<UdpMembershipKey> ofGroup = keys.computeIfAbsent(group, g -> new ArrayList<>());
            UdpMembershipKey known = find(ofGroup, ours, source);
            if (known != null) {
                return known;
            }
            try {
                IpAddress ip = Addresses.ip(group);
                if (source == null) {
                    socket.join(ip, ours);
                } else {
                    socket.joinSource(ip, ours, Addresses.ip(source));
                }
            } catch (ErrnoException e) {
                throw Exceptions.datagramChannel(e);
            }
            UdpMembershipKey key = new UdpMembershipKey(this, channel, group, theirs, ours, source);
            ofGroup.add(key);
            return key;
        } finally {
            lock.unlock();
        }
    }

    private static @Nullable UdpMembershipKey find(
            List<UdpMembershipKey> ofGroup, String ours, @Nullable InetAddress source) {
        for (UdpMembershipKey key : ofGroup) {
            if (!key.ours.equals(ours)) {
                continue;
            }
            InetAddress its = key.sourceAddress();
            if (source == null ? its == null : source.equals(its)) {
                return key;
            }
            if (source == null || its == null) {
                throw new IllegalStateException(
                        "the channel is a member already, as " + key + "; drop that key before joining otherwise");
            }
        }
        return null;
    }

    void drop(UdpMembershipKey key) {
        lock.lock();
        try {
            if (!key.isValid()) {
                return;
            }
            IpAddress group = Addresses.ip(key.group());
            InetAddress source = key.sourceAddress();
            try {
                if (source == null) {
                    socket.leave(group, key.ours);
                } else {
                    socket.leaveSource(group, key.ours, Addresses.ip(source));
                }
            } catch (ErrnoException e) {
                // the socket or its stack is closed, and with it the membership
            }
            key.invalidate();
            List<UdpMembershipKey> ofGroup = keys.get(key.group());
            if (ofGroup != null && ofGroup.remove(key) && ofGroup.isEmpty()) {
                keys.remove(key.group());
            }
        } finally {
            lock.unlock();
        }
    }

    void block(UdpMembershipKey key, InetAddress unwanted) throws IOException {
        lock.lock();
        try {
            checkSource(unwanted);
            if (!key.isValid()) {
                throw new IllegalStateException("the key is no longer valid");
            }
            try {
                socket.block(Addresses.ip(key.group()), key.ours, Addresses.ip(unwanted));
            } catch (ErrnoException e) {
                throw Exceptions.datagramChannel(e);
            }
        } finally {
            lock.unlock();
        }
    }

    void unblock(UdpMembershipKey key, InetAddress wanted) {
        lock.lock();
        try {
            if (!key.isValid()) {
                throw new IllegalStateException("the key is no longer valid");
            }
            try {
                socket.unblock(Addresses.ip(key.group()), key.ours, Addresses.ip(wanted));
            } catch (ErrnoException e) {
                throw new IllegalStateException("the channel's socket is closed", e);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The channel is being closed. */
    void invalidateAll() {
        lock.lock();
        try {
            keys.values().forEach(ofGroup -> ofGroup.forEach(UdpMembershipKey::invalidate));
            keys.clear();
        } finally {
            lock.unlock();
        }
    }

    private static void checkSource(InetAddress source) {
        if (source.isAnyLocalAddress() || source.isMulticastAddress() || !(source instanceof Inet4Address)) {
            throw new IllegalArgumentException(source + " can't be a source; give a host's IPv4 address");
        }
    }
}
