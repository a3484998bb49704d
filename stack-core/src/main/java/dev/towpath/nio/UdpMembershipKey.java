package dev.towpath.nio;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.channels.MembershipKey;
import java.nio.channels.MulticastChannel;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A channel's membership of a group; {@link UdpMemberships} makes it. */
final class UdpMembershipKey extends MembershipKey {
    private final ReentrantLock lock = new ReentrantLock();
    private final UdpMemberships owner;
    private final MulticastChannel channel;
    private final InetAddress group;
    private final NetworkInterface theirs;
    /** The stack's interface. */
    final String ours;

    private final @Nullable InetAddress source;
    private final Set<InetAddress> blocked = new HashSet<>();
    private volatile boolean valid = true;

    UdpMembershipKey(
            UdpMemberships owner,
            MulticastChannel channel,
            InetAddress group,
            NetworkInterface theirs,
            String ours,
            @Nullable InetAddress source) {
        this.owner = owner;
        this.channel = channel;
        this.group = group;
        this.theirs = theirs;
        this.ours = ours;
        this.source = source;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public void drop() {
        owner.drop(this);
    }

    @Override
    public MembershipKey block(InetAddress unwanted) throws IOException {
        if (source != null) {
            throw new IllegalStateException("the key hears " + source + " only, so there is nobody else to block");
        }
        lock.lock();
        try {
            if (!blocked.contains(unwanted)) {
                owner.block(this, unwanted);
                blocked.add(unwanted);
            }
        } finally {
            lock.unlock();
        }
        return this;
    }

    @Override
    public MembershipKey unblock(InetAddress wanted) {
        lock.lock();
        try {
            if (!blocked.contains(wanted)) {
                throw new IllegalStateException(wanted + " is not blocked");
            }
            owner.unblock(this, wanted);
            blocked.remove(wanted);
        } finally {
            lock.unlock();
        }
        return this;
    }

    @Override
    public MulticastChannel channel() {
        return channel;
    }

    @Override
    public InetAddress group() {
        return group;
    }

    @Override
    public NetworkInterface networkInterface() {
        return theirs;
    }

    @Override
    public @Nullable InetAddress sourceAddress() {
        return source;
    }

    @Override
    public String toString() {
        return "<" + group.getHostAddress() + "," + theirs.getName()
                + (source == null ? "" : "," + source.getHostAddress()) + ">";
    }

    void invalidate() {
        valid = false;
    }
}
