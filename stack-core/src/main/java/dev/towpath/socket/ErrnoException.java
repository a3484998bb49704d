package dev.towpath.socket;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The one way in which socket calls fail: which call, with what, why by its errno name, and what to do about it. */
public final class ErrnoException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Errno errno;
    private final String call;

    /**
     * A failure of {@code call}.
     *
     * @param detail the value that was wrong or the socket's state, or an empty text
     */
    public ErrnoException(Errno errno, String call, String detail, @Nullable Throwable cause) {
        super(
                call + ": " + errno + ", " + errno.meaning() + (detail.isEmpty() ? "" : " (" + detail + ")") + "; "
                        + errno.advice(),
                cause);
        this.errno = errno;
        this.call = call;
    }

    ErrnoException(Errno errno, String call, String detail) {
        this(errno, call, detail, null);
    }

    ErrnoException(Errno errno, String call) {
        this(errno, call, "", null);
    }

    /** Why it failed. */
    public Errno errno() {
        return errno;
    }

    /** The Berkeley call that failed, such as {@code "bind"}. */
    public String call() {
        return call;
    }
}
