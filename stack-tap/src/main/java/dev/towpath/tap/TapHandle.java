package dev.towpath.tap;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open {@code /dev/net/tun} that is bound to an interface: see the kernel's
 * {@code Documentation/networking/tuntap.rst}.
 */
final class TapHandle {
    private static final String CLONE_DEVICE = "/dev/net/tun";
    private static final int O_RDWR_NONBLOCK_CLOEXEC = 2 | 0x800 | 0x80000;

    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNGETFEATURES = 0x800454cfL;
    private static final long TUNSETOFFLOAD = 0x400454d0L;
    private static final long TUNSETVNETHDRSZ = 0x400454d8L;

    private static final int IFF_TAP = 0x0002;
    private static final int IFF_NO_PI = 0x1000;
    private static final int IFF_VNET_HDR = 0x4000;

    private final Libc libc;
    private final int descriptor;
    private final String name;
    private final Offload offload;
    private final AtomicBoolean closed = new AtomicBoolean();

    private TapHandle(Libc libc, int descriptor, String name, Offload offload) {
        this.libc = libc;
        this.descriptor = descriptor;
        this.name = name;
        this.offload = offload;
    }

    /**
     * Creates the interface {@code name}, or attaches to it.
     *
     * @param name with {@code %d} in it, the kernel puts a free number there
     * @param most the most offload to ask for; the kernel may have less
     */
    static TapHandle open(String name, Offload most) throws TapException {
        Libc libc = Native.libc();
        if (most != Offload.NONE) {
            TapHandle handle = open(libc, name, most);
            if (handle.offload != Offload.NONE) {
                return handle;
            }
            handle.close(); // a descriptor is bound once for all: without the header it takes another
        }
        return open(libc, name, Offload.NONE);
    }

    private static TapHandle open(Libc libc, String name, Offload most) throws TapException {
        int descriptor = libc.open(CLONE_DEVICE, O_RDWR_NONBLOCK_CLOEXEC);
        if (descriptor < 0) {
            throw noCloneDevice(Native.errno());
        }
        try {
            boolean header = most != Offload.NONE && hasVnetHeader(libc, descriptor);
            String given = bind(libc, descriptor, name, header);
            Offload offload = header ? negotiate(libc, descriptor, most) : Offload.NONE;
            return new TapHandle(libc, descriptor, given, offload);
        } catch (TapException | RuntimeException e) {
            libc.close(descriptor);
            throw e;
        }
    }

    Libc libc() {
        return libc;
    }

    int descriptor() {
        return descriptor;
    }

    String name() {
        return name;
    }

    Offload offload() {
        return offload;
    }

    /** Ends it; an interface that it created is gone then. Idempotent. */
    void close() {
        if (closed.compareAndSet(false, true)) {
            libc.close(descriptor);
        }
    }

    private static boolean hasVnetHeader(Libc libc, int descriptor) {
        ByteBuffer features = Native.memory(Integer.BYTES);
        return libc.ioctl(descriptor, TUNGETFEATURES, Native.address(features)) == 0
                && (features.getInt(0) & IFF_VNET_HDR) != 0;
    }

    /** Binds the descriptor to the interface and returns the interface's name. */
    private static String bind(Libc libc, int descriptor, String name, boolean header) throws TapException {
        ByteBuffer request = Native.memory(KernelInterface.IFREQ_SIZE);
        KernelInterface.name(request, name);
        request.putShort(KernelInterface.UNION, (short) (IFF_TAP | IFF_NO_PI | (header ? IFF_VNET_HDR : 0)));
        if (libc.ioctl(descriptor, TUNSETIFF, Native.address(request)) < 0) {
            throw notBound(Native.errno(), name);
        }
        byte[] given = new byte[KernelInterface.MAX_NAME + 1];
        request.get(0, given);
        return new String(given, StandardCharsets.US_ASCII).split("\0", 2)[0];
    }

    private static Offload negotiate(Libc libc, int descriptor, Offload most) {
        ByteBuffer length = Native.memory(Integer.BYTES);
        length.putInt(0, VnetHeader.LENGTH);
        if (libc.ioctl(descriptor, TUNSETVNETHDRSZ, Native.address(length)) < 0) {
            return Offload.NONE;
        }
        for (Offload less : Offload.values()) {
            if (less.compareTo(most) >= 0 && libc.ioctl(descriptor, TUNSETOFFLOAD, less.flags()) == 0) {
                return less;
            }
        }
        return Offload.NONE;
    }

    private static TapException noCloneDevice(int errno) {
        String message = switch (errno) {
            case Errno.ENOENT ->
                "there is no " + CLONE_DEVICE
                        + ": load the kernel's module (modprobe tun), or give the container the device (docker run --device "
                        + CLONE_DEVICE + ")";
            case Errno.EACCES, Errno.EPERM ->
                "no permission to open " + CLONE_DEVICE
                        + ": run as root, or let everybody open it, as most distributions do (chmod 666 " + CLONE_DEVICE
                        + "), or give the container the device";
            case Errno.ENXIO, Errno.ENODEV ->
                CLONE_DEVICE
                        + " has no driver behind it: load the kernel's module (modprobe tun), or use a kernel that has it";
            default -> "can't open " + CLONE_DEVICE;
        };
        return new TapException(errno, message);
    }

    private static TapException notBound(int errno, String name) {
        String message = switch (errno) {
            case Errno.EBUSY -> "the TAP " + name + " is in use: end the program that has it, or take another name";
            case Errno.EPERM, Errno.EACCES ->
                "no permission to use the TAP " + name
                        + ": run as root, or in a network namespace of your own (unshare --user --map-root-user --net)";
            case Errno.EINVAL ->
                "the interface " + name + " exists and is no TAP, or one of many queues: take another name";
            default -> "can't create or attach to the TAP " + name;
        };
        return new TapException(errno, message);
    }
}
