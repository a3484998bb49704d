package dev.towpath.parity;

import java.net.InetSocketAddress;
import java.nio.channels.Channel;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What comes of a call, as text: its value, or the exception's name. */
final class Outcome {
    private Outcome() {}

    /** A call without a value. */
    interface Action {
        void run() throws Exception;
    }

    static String of(Callable<? extends @Nullable Object> call) {
        try {
            return text(call.call());
        } catch (Exception e) {
            return e.getClass().getSimpleName();
        }
    }

    static String when(Action action) {
        return of(() -> {
            action.run();
            return "done";
        });
    }

    /** The exception's class and message. */
    static String message(Action action) {
        try {
            action.run();
            return "done";
        } catch (Exception e) {
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }

    /** {@code text} with words for addresses and ports that are chosen. */
    static String withoutAddresses(String text) {
        return text.replaceAll("/[0-9.]+:[1-9][0-9]*", "address:port");
    }

    private static String text(@Nullable Object value) {
        if (value instanceof InetSocketAddress address) {
            return "address " + (address.getAddress().isAnyLocalAddress() ? "any" : "own")
                    + (address.getPort() == 0 ? ", port 0" : "");
        }
        return value instanceof Channel ? "channel" : String.valueOf(value);
    }
}
