package dev.towpath.cli.service;

import dev.towpath.socket.TcpSocket;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A service on TCP: makes a {@link Session} for each connection. */
@FunctionalInterface
public interface TcpService {
    /** One connection's service. Runs on the loop's thread and never waits. */
    interface Session {
        /** Returned in place of events: the service is done with the connection, close it. */
        int CLOSE = -1;

        /** What to wait for at first: POLLIN, POLLOUT or both. */
        int firstEvents();

        /**
         * Called when what was waited for is there. An exception ends the connection and nothing else.
         *
         * @param events what is there
         * @param scratch direct memory to be used until return
         * @return what to wait for next, or {@link #CLOSE}
         */
        int ready(int events, ByteBuffer scratch) throws IOException;
    }

    /** The service of a connection that has just been accepted. */
    Session open(TcpSocket connection);
}
