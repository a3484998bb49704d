package dev.towpath.net;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/** A ServerSocket on a stack, whatever the JVM's other sockets are on. */
final class StackServerSocket extends ServerSocket {
    private final StackSource stack;

    StackServerSocket(StackSource stack) {
        super(new StreamSocketImpl(stack, true));
        this.stack = stack;
    }

    /** The JDK's would ask the JVM's factory for what to accept into. */
    @Override
    public Socket accept() throws IOException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
        if (!isBound()) {
            throw new SocketException("Socket is not bound yet");
        }
        Socket accepted = new StackSocket(stack);
        implAccept(accepted);
        return accepted;
    }
}
