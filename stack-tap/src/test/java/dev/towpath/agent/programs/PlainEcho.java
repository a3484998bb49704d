package dev.towpath.agent.programs;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;

/** Echoes one connection with {@code java.net}. */
public final class PlainEcho {
    private PlainEcho() {}

    /** Runs it on the port given. */
    public static void main(String[] arguments) throws IOException {
        try (ServerSocket server = new ServerSocket(Integer.parseInt(arguments[0]))) {
            System.out.println("listening");
            try (Socket client = server.accept()) {
                System.out.println("client " + client.getInetAddress().getHostAddress());
                client.getInputStream().transferTo(client.getOutputStream());
            }
        }
    }
}
