package dev.towpath.cli.demo;

import static dev.towpath.socket.SocketConstants.SHUT_WR;

import dev.towpath.socket.TcpSocket;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A TCP connection, the kernel's or a stack's. */
interface Stream extends Closeable {
    /** Sends all that remains in {@code data}. */
    void send(ByteBuffer data) throws IOException;

    /** Receives at least one byte into {@code into}; false at the end of the stream. */
    boolean receive(ByteBuffer into) throws IOException;

    /** No more to send. */
    void finish() throws IOException;

    /** A connection of a stack. */
    static Stream of(TcpSocket socket) {
        return new Stream() {
            @Override
            public void send(ByteBuffer data) throws IOException {
                while (data.hasRemaining()) {
                    socket.send(data, 0);
                }
            }

            @Override
            public boolean receive(ByteBuffer into) throws IOException {
                return socket.recv(into, 0) > 0;
            }

            @Override
            public void finish() throws IOException {
                socket.shutdown(SHUT_WR);
            }

            @Override
            public void close() throws IOException {
                socket.close();
            }
        };
    }

    /** A connection of the kernel. */
    static Stream of(SocketChannel channel) {
        return new Stream() {
            @Override
            public void send(ByteBuffer data) throws IOException {
                while (data.hasRemaining()) {
                    channel.write(data);
                }
            }

            @Override
            public boolean receive(ByteBuffer into) throws IOException {
                return channel.read(into) > 0;
            }

            @Override
            public void finish() throws IOException {
                channel.shutdownOutput();
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }
}
