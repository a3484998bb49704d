package dev.towpath.dns;

import org.jspecify.annotations.Nullable;

/** One server has not answered a question; why, in a few words. */
final class ServerFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final String why;

    ServerFailure(String why, @Nullable Throwable cause) {
        super(why, cause, false, false);
        this.why = why;
    }

    String why() {
        return why;
    }

    /** The server is there, but of no use for this question. */
    boolean answered() {
        return getCause() == null;
    }
}
