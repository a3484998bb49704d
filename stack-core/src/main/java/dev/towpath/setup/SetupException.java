package dev.towpath.setup;

import org.jspecify.annotations.Nullable;

/** A stack can't be made as the properties say; the message names the property and says what is allowed. */
public final class SetupException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** The message and, if something failed below, why. */
    public SetupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** A wrong value of {@code property}. */
    static SetupException wrong(StackProperty property, String value, String problem, @Nullable Throwable cause) {
        return new SetupException(property + "=" + value + ": " + problem, cause);
    }
}
