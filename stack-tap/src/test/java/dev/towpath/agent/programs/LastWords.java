package dev.towpath.agent.programs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;

/** Sends a lot, and ends the JVM without closing anything; a shutdown hook asks a question and sends the answer back. */
public final class LastWords {
    private LastWords() {}

    /** Runs it against the host and port given. */
    public static void main(String[] arguments) throws IOException {
        Socket socket = new Socket(arguments[0], Integer.parseInt(arguments[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> askAndAnswer(socket)));
        socket.getOutputStream().write(new byte[1_000_000]);
        System.exit(0);
    }

    private static void askAndAnswer(Socket socket) {
        try {
            socket.getOutputStream().write('?');
            socket.getOutputStream().write(socket.getInputStream().read());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
