package dev.towpath.docs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** A program of which {@link LimitsIT} looks at the output: it uses what Towpath can't reach. */
final class LimitsProgram {
    private LimitsProgram() {}

    /** Does what {@code args} say. */
    public static void main(String[] args) throws Exception {
        for (String each : args) {
            switch (each) {
                case "interfaces" ->
                    System.out.println(NetworkInterface.networkInterfaces()
                            .map(NetworkInterface::getName)
                            .sorted()
                            .toList());
                case "inherited" -> System.out.println(System.inheritedChannel());
                case "asynchronous" -> acceptOne();
                case "module" -> lookup();
                default -> throw new IllegalArgumentException(each);
            }
        }
    }

    private static void acceptOne() throws Exception {
        try (AsynchronousServerSocketChannel server = AsynchronousServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            System.out.println(((InetSocketAddress) server.getLocalAddress()).getPort());
            try (AsynchronousSocketChannel accepted = server.accept().get(60, TimeUnit.SECONDS)) {
                System.out.println("accepted " + accepted.isOpen());
            }
        }
    }

    private static void lookup() throws IOException {
        try {
            System.out.println(Arrays.toString(InetAddress.getAllByName("www.example.test")));
        } catch (UnknownHostException e) {
            System.out.println(e.getMessage());
        }
    }
}
