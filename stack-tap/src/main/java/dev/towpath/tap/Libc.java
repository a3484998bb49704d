package dev.towpath.tap;

import jnr.ffi.annotations.IgnoreError;

/**
 * The system calls that a TAP device needs, as JNR binds them. Memory is passed as its address in a {@code long}: that
 * costs a few nanoseconds a call and allocates nothing. Public because JNR implements it; use {@link TapDevice}.
 *
 * <p>Calls on the data path are marked {@link IgnoreError}: they fail in one way only that matters, and saving errno
 * costs time.
 */
public interface Libc {
    /** open(2). */
    int open(String path, int flags);

    /** close(2). */
    int close(int descriptor);

    /** ioctl(2) with an argument that is a number or an address. */
    int ioctl(int descriptor, long request, long argument);

    /** socket(2). */
    int socket(int domain, int type, int protocol);

    /** eventfd(2). */
    int eventfd(int initial, int flags);

    /** read(2). */
    @IgnoreError
    long read(int descriptor, long address, long length);

    /** write(2). */
    @IgnoreError
    long write(int descriptor, long address, long length);

    /** writev(2). */
    @IgnoreError
    long writev(int descriptor, long vectors, int count);

    /** ppoll(2). */
    @IgnoreError
    int ppoll(long descriptors, long count, long timeout, long signalMask);
}
