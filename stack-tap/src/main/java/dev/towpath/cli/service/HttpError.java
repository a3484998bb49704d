package dev.towpath.cli.service;

/**
 * A request that can't be served: the status says why. The connection is closed after it, since it is unclear where the
 * next request begins.
 */
final class HttpError extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String explanation;

    HttpError(int status, String explanation) {
        super(explanation);
        this.status = status;
        this.explanation = explanation;
    }

    String explanation() {
        return explanation;
    }

    int status() {
        return status;
    }
}
