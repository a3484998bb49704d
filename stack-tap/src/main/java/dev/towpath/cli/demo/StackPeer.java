package dev.towpath.cli.demo;

import dev.towpath.cli.client.HttpFetch;
import dev.towpath.socket.SockOpt;
import dev.towpath.socket.TcpSocket;
import dev.towpath.socket.UdpSocket;
import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** A second stack. */
final class StackPeer implements Peer {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final NetworkStack stack;
    private final IpAddress address;

    StackPeer(NetworkStack stack, IpAddress address) {
        this.stack = stack;
        this.address = address;
    }

    @Override
    public String name() {
        return "the second stack";
    }

    @Override
    public IpAddress address() {
        return address;
    }

    @Override
    public String fetch(URI page) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        HttpFetch.Result result = new HttpFetch(page).run(stack, body);
        if (result.status() != 200) {
            throw new IOException(page + " answered with status " + result.status());
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] exchange(Endpoint service, byte[] datagram) throws IOException {
        try (UdpSocket socket = UdpSocket.open(stack)) {
            socket.option(SockOpt.SO_RCVTIMEO, PATIENCE);
            socket.sendTo(ByteBuffer.wrap(datagram), 0, service.address(), service.port());
            byte[] answer = new byte[65_535];
            return Arrays.copyOf(answer, socket.recv(ByteBuffer.wrap(answer), 0));
        }
    }

    @Override
    public Stream connect(Endpoint service) throws IOException {
        TcpSocket socket = TcpSocket.open(stack);
        socket.connect(service.address(), service.port());
        return Stream.of(socket);
    }

    @Override
    public Acceptor listen() throws IOException {
        TcpSocket listener = TcpSocket.open(stack);
        listener.bind(address, 0);
        listener.listen(16);
        return new Acceptor() {
            @Override
            public Endpoint endpoint() throws IOException {
                return listener.localEndpoint();
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
    public void close() {
        stack.close();
    }
}
