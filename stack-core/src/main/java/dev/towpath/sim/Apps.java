package dev.towpath.sim;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Ready-made applications, for {@link Host#listen} and {@link Host#connect}. */
public final class Apps {
    private Apps() {}

    /** Sends back what it receives (RFC 862). */
    public static Consumer<Connection> echo() {
        return connection -> connection.onData(Connection::send);
    }

    /** Receives and forgets (RFC 863). */
    public static Consumer<Connection> discard() {
        return connection -> {};
    }

    /** Answers each line of UTF-8 text, which ends in {@code \n}, with a line. */
    public static Consumer<Connection> lines(UnaryOperator<String> answer) {
        return connection -> {
            StringBuilder begun = new StringBuilder();
            connection.onData((c, data) -> {
                begun.append(StandardCharsets.ISO_8859_1.decode(data)); // bytes: a character may be cut in two
                for (int end = begun.indexOf("\n"); end >= 0; end = begun.indexOf("\n")) {
                    String line = begun.substring(0, end);
                    begun.delete(0, end + 1);
                    String text = new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
                    c.send(answer.apply(text) + "\n");
                }
            });
        };
    }

    /** Sends {@code bytes} zeros as fast as TCP takes them, then ends. */
    public static Consumer<Connection> sends(long bytes) {
        return connection -> connection.onRoom(c -> {
            long left = bytes - c.sent();
            if (left > 0) {
                c.send(ByteBuffer.allocate((int) Math.min(left, Transfer.PIECE)));
            } else {
                c.end();
            }
        });
    }
}
