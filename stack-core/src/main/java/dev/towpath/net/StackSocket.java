package dev.towpath.net;

import dev.towpath.stack.NetworkStack;
import java.net.Socket;
import java.net.SocketException;
import java.util.function.Supplier;

/** A Socket on a stack, whatever the JVM's other sockets are on. */
final class StackSocket extends Socket {
    StackSocket(Supplier<NetworkStack> stack) throws SocketException {
        super(new StreamSocketImpl(stack, false));
    }
}
