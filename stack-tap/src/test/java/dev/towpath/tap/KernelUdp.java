package dev.towpath.tap;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.towpath.wire.IpAddress;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/** A UDP socket of the kernel's with the two options that java.net does not know. */
final class KernelUdp implements Closeable {
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int IPPROTO_UDP = 17;
    private static final int UDP_SEGMENT = 103;
    private static final int UDP_GRO = 104;
    private static final int ADDRESS_LENGTH = 16;
    private static final int PATIENCE_SECONDS = 20;
    private static final int LARGEST = 65_536;

    /** Public because JNR implements it. */
    public interface Calls {
        /** socket(2). */
        int socket(int domain, int type, int protocol);

        /** bind(2). */
        int bind(int descriptor, long address, int length);

        /** connect(2). */
        int connect(int descriptor, long address, int length);

        /** setsockopt(2). */
        int setsockopt(int descriptor, int level, int option, long value, int length);

        /** send(2). */
        long send(int descriptor, long data, long length, int flags);

        /** recv(2). */
        long recv(int descriptor, long data, long length, int flags);

        /** close(2). */
        int close(int descriptor);
    }

    private static final Calls CALLS = LibraryLoader.create(Calls.class).load("c");

    private final ByteBuffer memory = Native.memory(LARGEST);
    private final int descriptor;

    /** Neither bound nor connected. */
    KernelUdp() throws IOException {
        descriptor = check("socket", CALLS.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0));
        memory.putLong(0, PATIENCE_SECONDS);
        memory.putLong(8, 0);
        check("SO_RCVTIMEO", CALLS.setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, Native.address(memory), 16));
    }

    KernelUdp bind(int port) throws IOException {
        check("bind", CALLS.bind(descriptor, address(IpAddress.ANY_V4, port), ADDRESS_LENGTH));
        return this;
    }

    KernelUdp connect(IpAddress to, int port) throws IOException {
        check("connect", CALLS.connect(descriptor, address(to, port), ADDRESS_LENGTH));
        return this;
    }

    /** Cuts what is sent into datagrams of {@code bytes}. */
    KernelUdp segment(int bytes) {
        return option("UDP_SEGMENT", UDP_SEGMENT, bytes);
    }

    /** Receives datagrams of one size in one piece. */
    KernelUdp groups(boolean on) {
        return option("UDP_GRO", UDP_GRO, on ? 1 : 0);
    }

    void send(byte[] data) throws IOException {
        memory.put(0, data);
        check("send", (int) CALLS.send(descriptor, Native.address(memory), data.length, 0));
    }

    byte[] receive() throws IOException {
        int length = check("recv", (int) CALLS.recv(descriptor, Native.address(memory), LARGEST, 0));
        byte[] data = new byte[length];
        memory.get(0, data);
        return data;
    }

    @Override
    public void close() {
        int ignored = CALLS.close(descriptor);
    }

    private KernelUdp option(String name, int option, int value) {
        memory.putInt(0, value);
        if (CALLS.setsockopt(descriptor, IPPROTO_UDP, option, Native.address(memory), Integer.BYTES) < 0) {
            abort("this kernel has no " + name);
        }
        return this;
    }

    private long address(IpAddress address, int port) {
        memory.putShort(0, (short) AF_INET);
        memory.order(ByteOrder.BIG_ENDIAN).putShort(2, (short) port).putInt(4, address.v4());
        memory.order(ByteOrder.nativeOrder()).putLong(8, 0);
        return Native.address(memory);
    }

    private static int check(String call, int result) throws IOException {
        if (result < 0) {
            int errno = Runtime.getRuntime(CALLS).getLastError();
            throw new IOException(String.format(Locale.ROOT, "%s: errno %d", call, errno));
        }
        return result;
    }
}
