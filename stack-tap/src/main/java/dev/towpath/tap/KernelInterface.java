package dev.towpath.tap;

import dev.towpath.wire.IpPrefix;
import dev.towpath.wire.MacAddress;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The kernel's end of a TAP, or another of its network interfaces, set up by ioctl(2) in place of the {@code ip}
 * command: see netdevice(7). All of it needs CAP_NET_ADMIN, but for reading.
 */
public final class KernelInterface implements Closeable {
    /** Longest name of an interface in bytes. */
    static final int MAX_NAME = 15;

    /** Size of {@code struct ifreq}: 16 bytes of name and a union. */
    static final int IFREQ_SIZE = 40;

    /** Where the union begins. */
    static final int UNION = 16;

    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int IFF_UP = 1;

    private static final long SIOCGIFFLAGS = 0x8913;
    private static final long SIOCSIFFLAGS = 0x8914;
    private static final long SIOCSIFADDR = 0x8916;
    private static final long SIOCSIFNETMASK = 0x891c;
    private static final long SIOCGIFMTU = 0x8921;
    private static final long SIOCSIFMTU = 0x8922;
    private static final long SIOCGIFHWADDR = 0x8927;
    private static final long SIOCGIFTXQLEN = 0x8942;
    private static final long SIOCSIFTXQLEN = 0x8943;

    private final String name;
    private final Libc libc;
    private final ByteBuffer request = Native.memory(IFREQ_SIZE);
    private final int socket;

    private KernelInterface(String name, Libc libc, int socket) {
        this.name = name;
        this.libc = libc;
        this.socket = socket;
    }

    /**
     * The interface called {@code name} in this network namespace, to be closed after use.
     *
     * @throws TapException if the machine can't do this at all; an interface that does not exist fails at the first
     *     call
     */
    public static KernelInterface named(String name) throws TapException {
        Libc libc = Native.libc();
        int socket = libc.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0);
        if (socket < 0) {
            throw new TapException(Native.errno(), "the kernel gave no socket to set interface " + name + " up with");
        }
        return new KernelInterface(name, libc, socket);
    }

    /**
     * Brings {@code lo} up, which a new network namespace has down.
     *
     * @throws TapException if this process may not
     */
    public static void loopbackUp() throws TapException {
        try (KernelInterface loopback = named("lo")) {
            loopback.up();
        }
    }

    /** Its Ethernet address. */
    public MacAddress mac() throws TapException {
        call(SIOCGIFHWADDR, "tell its Ethernet address");
        long bits = 0;
        for (int i = 0; i < 6; i++) {
            bits = bits << 8 | (request.get(UNION + 2 + i) & 0xff);
        }
        return new MacAddress(bits);
    }

    /** Its MTU in bytes. */
    public int mtu() throws TapException {
        call(SIOCGIFMTU, "tell its MTU");
        return request.getInt(UNION);
    }

    /** Changes its MTU, if it has another. */
    public void mtu(int bytes) throws TapException {
        if (mtu() != bytes) {
            clear();
            request.putInt(UNION, bytes);
            set(SIOCSIFMTU, "set its MTU to " + bytes);
        }
    }

    /** Length of its transmit queue in frames. */
    public int queueFrames() throws TapException {
        call(SIOCGIFTXQLEN, "tell the length of its queue");
        return request.getInt(UNION);
    }

    /** Makes its transmit queue so long, if it is shorter and this process may: root of a user namespace may not. */
    public void queueAtLeast(int frames) throws TapException {
        if (queueFrames() < frames) {
            clear();
            request.putInt(UNION, frames);
            int ignored = libc.ioctl(socket, SIOCSIFTXQLEN, Native.address(request));
        }
    }

    /** Gives it an IPv4 address and so a route to the network that the address is in. */
    public void address(IpPrefix prefix) throws TapException {
        if (!prefix.address().isV4()) {
            throw new IllegalArgumentException(prefix + " is no IPv4 address");
        }
        socketAddress(prefix.address().v4());
        set(SIOCSIFADDR, "take the address " + prefix.address());
        socketAddress(prefix.length() == 0 ? 0 : -1 << (32 - prefix.length()));
        set(SIOCSIFNETMASK, "take the prefix length " + prefix.length());
    }

    /** Brings it up, if it is not. */
    public void up() throws TapException {
        call(SIOCGIFFLAGS, "tell its flags");
        short flags = request.getShort(UNION);
        if ((flags & IFF_UP) == 0) {
            clear();
            request.putShort(UNION, (short) (flags | IFF_UP));
            set(SIOCSIFFLAGS, "come up");
        }
    }

    @Override
    public void close() {
        libc.close(socket);
    }

    /** Writes an interface's name into a request, whose other bytes become 0. */
    static void name(ByteBuffer request, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < request.capacity(); i++) {
            request.put(i, i < bytes.length ? bytes[i] : 0);
        }
    }

    private void clear() {
        name(request, name);
    }

    /** A {@code struct sockaddr_in} in the union. */
    private void socketAddress(int bits) {
        clear();
        request.putShort(UNION, (short) AF_INET);
        for (int i = 0; i < 4; i++) {
            request.put(UNION + 4 + i, (byte) (bits >>> (8 * (3 - i))));
        }
    }

    private void call(long what, String inWords) throws TapException {
        clear();
        set(what, inWords);
    }

    private void set(long what, String inWords) throws TapException {
        if (libc.ioctl(socket, what, Native.address(request)) < 0) {
            int errno = Native.errno();
            String advice = switch (errno) {
                case Errno.EPERM, Errno.EACCES ->
                    "; that takes root, or a namespace of its own: unshare --user --map-root-user --net";
                case Errno.ENODEV -> "; there is no such interface in this network namespace";
                default -> "";
            };
            throw new TapException(errno, "interface " + name + " did not " + inWords + advice);
        }
    }
}
