package dev.towpath.parity;

import dev.towpath.net.TowpathDatagramSocketImplFactory;
import dev.towpath.net.TowpathServerSocketFactory;
import dev.towpath.net.TowpathSocketFactory;
import dev.towpath.stack.NetworkStack;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.DatagramSocketImpl;
import java.net.ServerSocket;
import java.net.Socket;

/** A host's sockets of {@code java.net}, as yet unbound. */
interface Sockets {
    /** The kernel's. */
    Sockets KERNEL = new Sockets() {
        @Override
        public Socket socket() {
            return new Socket();
        }

        @Override
        public ServerSocket serverSocket() throws IOException {
            return new ServerSocket();
        }

        @Override
        public DatagramSocket datagramSocket() throws IOException {
            return new DatagramSocket(null);
        }
    };

    Socket socket() throws IOException;

    ServerSocket serverSocket() throws IOException;

    DatagramSocket datagramSocket() throws IOException;

    /** Those of {@code stack}. */
    static Sockets of(NetworkStack stack) {
        return new Sockets() {
            @Override
            public Socket socket() throws IOException {
                return new TowpathSocketFactory(stack).createSocket();
            }

            @Override
            public ServerSocket serverSocket() throws IOException {
                return new TowpathServerSocketFactory(stack).createServerSocket();
            }

            @Override
            public DatagramSocket datagramSocket() {
                DatagramSocketImpl impl = new TowpathDatagramSocketImplFactory(stack).createDatagramSocketImpl();
                return new WithImpl(impl);
            }
        };
    }

    /** The constructor that takes an impl is for subclasses. */
    final class WithImpl extends DatagramSocket {
        WithImpl(DatagramSocketImpl impl) {
            super(impl);
        }
    }
}
