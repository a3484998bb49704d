package dev.towpath.net;

import dev.towpath.setup.Kernel;
import java.net.Socket;
import java.net.SocketException;

/** A Socket of the kernel's, whatever the JVM's other sockets are on. */
final class KernelSocket extends Socket {
    KernelSocket() throws SocketException {
        super(Kernel.socketImpl(false));
    }
}
