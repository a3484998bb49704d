package dev.towpath.net;

import dev.towpath.stack.NetworkStack;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A program whose sockets are all on a stack: run by {@link WholeProgramTest} in a JVM of its own, for the factories of a
 * JVM can be set once. Prints what the test wants to know.
 */
public final class WholeProgram {
    private WholeProgram() {}

    /** Installs the factories, then does what programs do. */
    public static void main(String[] args) throws Exception {
        NetworkStack stack = NetworkStack.builder().name("whole").start();
        TowpathSocketImplFactory.install(stack);
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        http(loopback);
        datagrams(loopback);
        System.out.println("connections " + stack.counters().get("TcpPassiveOpens"));
        System.out.println("datagrams " + stack.counters().get("UdpInDatagrams"));
        try {
            TowpathSocketImplFactory.install(stack);
        } catch (IOException e) {
            System.out.println("again " + e.getMessage());
        }
        stack.close();
    }

    private static void http(InetAddress loopback) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 50, loopback)) {
            Background server = Background.run(() -> serve(listener));
            URI page = URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/");
            HttpURLConnection connection = (HttpURLConnection) page.toURL().openConnection();
            String body = new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            System.out.println("http " + connection.getResponseCode() + " " + body);
            server.join();
        }
    }

    private static void serve(ServerSocket listener) throws IOException {
        try (Socket socket = listener.accept();
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            String line = in.readLine();
            while (line != null && !line.isEmpty()) {
                line = in.readLine();
            }
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
                            .getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void datagrams(InetAddress loopback) throws IOException {
        try (DatagramSocket near = new DatagramSocket(0, loopback);
                DatagramSocket far = new DatagramSocket(0, loopback)) {
            near.send(new DatagramPacket(new byte[3], 3, far.getLocalSocketAddress()));
            DatagramPacket into = new DatagramPacket(new byte[10], 10);
            far.receive(into);
            System.out.println("datagram " + into.getLength());
        }
    }
}
