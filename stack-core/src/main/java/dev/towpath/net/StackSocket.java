package dev.towpath.net;

import java.net.Socket;
import java.net.SocketException;

/** A Socket on a stack, whatever the JVM's other sockets are on. */
final class StackSocket extends Socket {
    StackSocket(StackSource stack) throws SocketException {
        super(new StreamSocketImpl(stack, false));
    }
}
