package dev.towpath.cli.demo;

import dev.towpath.cli.service.Services;
import dev.towpath.socket.TcpSocket;
import dev.towpath.stack.ConnectionInfo;
import dev.towpath.stack.EchoReply;
import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * What the demo checks between a stack, which offers the standard services, and its peer. Each method returns a figure,
 * or throws.
 */
final class Checks {
    private static final int PINGS = 10;
    private static final int CONNECTIONS = 1000;
    private static final int[] DATAGRAMS = {1, 512, 1472, 20_000};

    private final NetworkStack stack;
    private final IpAddress address;
    private final Peer peer;
    private final long bytes;
    private final PrintWriter out;

    Checks(NetworkStack stack, IpAddress address, Peer peer, long bytes, PrintWriter out) {
        this.stack = stack;
        this.address = address;
        this.peer = peer;
        this.bytes = bytes;
        this.out = out;
    }

    String ping() throws IOException {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < PINGS; i++) {
            Optional<EchoReply> reply = stack.ping(peer.address(), 56, Duration.ofSeconds(2));
            best = Math.min(
                    best, reply.orElseThrow(() -> new IOException("no answer")).roundTripNanos());
        }
        return String.format(Locale.ROOT, "%d of %d answered, best %.3f ms", PINGS, PINGS, best / 1e6);
    }

    String web() throws IOException, InterruptedException {
        String page = peer.fetch(URI.create("http://" + service(Services.STANDARD.http()) + "/"));
        if (!page.contains("<h1>Towpath</h1>") || !page.endsWith("</html>\n")) {
            throw new IOException("that is not the page: " + page);
        }
        return page.length() + " characters of page";
    }

    String datagrams() throws IOException {
        Random random = new Random();
        for (int length : DATAGRAMS) {
            byte[] datagram = new byte[length];
            random.nextBytes(datagram);
            if (!Arrays.equals(datagram, peer.exchange(service(Services.STANDARD.echo()), datagram))) {
                throw new IOException("another datagram came back than the " + length + " bytes sent");
            }
        }
        return DATAGRAMS.length + " datagrams, up to " + DATAGRAMS[DATAGRAMS.length - 1] + " bytes (in fragments)";
    }

    String toStack() throws IOException, InterruptedException {
        try (TcpSocket listener = TcpSocket.open(stack)) {
            listener.bind(address, 0);
            listener.listen(1);
            Endpoint service = listener.localEndpoint();
            return transfer(peer.name() + " to the stack")
                    .run(() -> peer.connect(service), () -> Stream.of(listener.accept()));
        }
    }

    String fromStack() throws IOException, InterruptedException {
        try (Peer.Acceptor listener = peer.listen()) {
            return transfer("the stack to " + peer.name()).run(() -> connectTo(listener.endpoint()), listener::accept);
        }
    }

    String connections() throws IOException {
        long began = System.nanoTime();
        List<Stream> streams = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                Stream stream = peer.connect(service(Services.STANDARD.echo()));
                streams.add(stream);
                stream.send(ByteBuffer.allocate(Integer.BYTES).putInt(0, i));
            }
            for (int i = 0; i < CONNECTIONS; i++) {
                expect(streams.get(i), i);
            }
            long established =
                    stack.connections().stream().filter(Checks::established).count();
            if (established < CONNECTIONS) {
                throw new IOException("only " + established + " connections are established");
            }
        } finally {
            for (Stream stream : streams) {
                stream.close();
            }
        }
        return String.format(
                Locale.ROOT,
                "%d opened, answered and closed in %.2f s",
                CONNECTIONS,
                (System.nanoTime() - began) / 1e9);
    }

    private Transfer transfer(String label) {
        return new Transfer(bytes, new ProgressBar(out, label));
    }

    private Endpoint service(int port) {
        return new Endpoint(address, port);
    }

    private Stream connectTo(Endpoint endpoint) throws IOException {
        TcpSocket socket = TcpSocket.open(stack);
        socket.connect(endpoint.address(), endpoint.port());
        return Stream.of(socket);
    }

    private static void expect(Stream stream, int number) throws IOException {
        ByteBuffer echoed = ByteBuffer.allocate(Integer.BYTES);
        while (echoed.hasRemaining()) {
            if (!stream.receive(echoed)) {
                throw new IOException("connection " + number + " was closed");
            }
        }
        if (echoed.getInt(0) != number) {
            throw new IOException("connection " + number + " got the answer of " + echoed.getInt(0));
        }
    }

    private static boolean established(ConnectionInfo each) {
        return each.protocol().equals("tcp") && each.state().equals("ESTABLISHED");
    }
}
