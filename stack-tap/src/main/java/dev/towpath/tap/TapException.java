package dev.towpath.tap;

import java.io.IOException;

/** A TAP device could not be set up: the message says why and what to do. */
public final class TapException extends IOException {
    private static final long serialVersionUID = 1;

    private final int errno;

    /**
     * An exception for a failed system call.
     *
     * @param errno the kernel's error number, or 0 if no system call failed
     */
    TapException(int errno, String message) {
        super(errno == 0 ? message : message + " (" + Errno.name(errno) + ")");
        this.errno = errno;
    }

    /** The kernel's error number, or 0 if no system call failed. */
    public int errno() {
        return errno;
    }
}
