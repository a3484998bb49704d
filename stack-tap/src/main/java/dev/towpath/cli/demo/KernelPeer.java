package dev.towpath.cli.demo;

import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;

/** The kernel, through the JDK's own sockets and web client. */
final class KernelPeer implements Peer {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final IpAddress address;

    KernelPeer(IpAddress address) {
        this.address = address;
    }

    @Override
    public String name() {
        return "the kernel";
    }

    @Override
    public IpAddress address() {
        return address;
    }

    @Override
    public String fetch(URI page) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        HttpRequest request = HttpRequest.newBuilder(page).timeout(PATIENCE).build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(page + " answered with status " + response.statusCode());
        }
        return response.body();
    }

    @Override
    public byte[] exchange(Endpoint service, byte[] datagram) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.send(new DatagramPacket(datagram, datagram.length, socketAddress(service)));
            DatagramPacket answer = new DatagramPacket(new byte[65_535], 65_535);
            socket.receive(answer);
            return Arrays.copyOf(answer.getData(), answer.getLength());
        }
    }

    @Override
    public Stream connect(Endpoint service) throws IOException {
        return Stream.of(SocketChannel.open(socketAddress(service)));
    }

    @Override
    public Acceptor listen() throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open().bind(socketAddress(new Endpoint(address, 0)));
        return new Acceptor() {
            @Override
            public Endpoint endpoint() throws IOException {
                return new Endpoint(address, ((InetSocketAddress) listener.getLocalAddress()).getPort());
            }

            @Override
            public Stream accept() throws IOException {
                return Stream.of(listener.accept());
            }

            @Override
            public void close() throws IOException {
                listener.close();
            }
        };
    }

    @Override
    public void close() {}

    private static InetSocketAddress socketAddress(Endpoint endpoint) {
        return new InetSocketAddress(endpoint.address().toInetAddress(), endpoint.port());
    }
}
