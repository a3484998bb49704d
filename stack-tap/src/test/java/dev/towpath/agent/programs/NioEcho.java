package dev.towpath.agent.programs;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Echoes one connection with a selector. */
public final class NioEcho {
    private NioEcho() {}

    /** Runs it on the port given. */
    @SuppressWarnings("try") // a client is done with long before the program is
    public static void main(String[] arguments) throws IOException {
        try (Selector selector = Selector.open();
                ServerSocketChannel server = ServerSocketChannel.open()) {
            server.socket().bind(new InetSocketAddress(Integer.parseInt(arguments[0])));
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            System.out.println("listening");
            ByteBuffer buffer = ByteBuffer.allocateDirect(10_000);
            while (server.isOpen()) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isAcceptable()) {
                        SocketChannel client = server.accept();
                        client.configureBlocking(false);
                        client.register(selector, SelectionKey.OP_READ);
                        System.out.println(
                                "client " + client.socket().getInetAddress().getHostAddress());
                    } else if (!echo((SocketChannel) key.channel(), buffer.clear())) {
                        server.close();
                    }
                }
                selector.selectedKeys().clear();
            }
        }
    }

    private static boolean echo(SocketChannel client, ByteBuffer buffer) throws IOException {
        if (client.read(buffer) < 0) {
            client.close();
            return false;
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
            client.write(buffer);
        }
        return true;
    }
}
