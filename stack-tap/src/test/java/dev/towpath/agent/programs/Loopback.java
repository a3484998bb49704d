package dev.towpath.agent.programs;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;

/** Talks to itself. */
public final class Loopback {
    private Loopback() {}

    /** Runs it. */
    @SuppressWarnings("AddressSelection") // as programs do it
    public static void main(String[] arguments) throws IOException {
        try (ServerSocket server = new ServerSocket(0);
                Socket client = new Socket("127.0.0.1", server.getLocalPort());
                Socket served = server.accept()) {
            client.getOutputStream().write(42);
            System.out.println(served.getInputStream().read());
        }
    }
}
