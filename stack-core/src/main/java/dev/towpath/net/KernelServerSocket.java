package dev.towpath.net;

import dev.towpath.setup.Kernel;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;

/** A ServerSocket of the kernel's, whatever the JVM's other sockets are on. */
final class KernelServerSocket extends ServerSocket {
    KernelServerSocket() {
        super(Kernel.socketImpl(true));
    }

    /** The JDK's would ask the JVM's factory for what to accept into. */
    @Override
    public Socket accept() throws IOException {
        Socket accepted = new KernelSocket();
        implAccept(accepted);
        return accepted;
    }
}
