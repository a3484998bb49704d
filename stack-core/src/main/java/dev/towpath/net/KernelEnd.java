package dev.towpath.net;

import static java.net.SocketOptions.IP_TOS;
import static java.net.SocketOptions.SO_BINDADDR;
import static java.net.SocketOptions.SO_KEEPALIVE;
import static java.net.SocketOptions.SO_LINGER;
import static java.net.SocketOptions.SO_OOBINLINE;
import static java.net.SocketOptions.SO_RCVBUF;
import static java.net.SocketOptions.SO_REUSEADDR;
import static java.net.SocketOptions.SO_SNDBUF;
import static java.net.SocketOptions.SO_TIMEOUT;
import static java.net.SocketOptions.TCP_NODELAY;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A Socket or a ServerSocket of the kernel's, as a {@link java.net.SocketImpl} needs it. */
record KernelEnd(@Nullable Socket client, @Nullable ServerSocket server) {
    Socket connected() throws SocketException {
        if (client == null) {
            throw new SocketException("a server socket does not do that");
        }
        return client;
    }

    ServerSocket listener() throws SocketException {
        if (server == null) {
            throw new SocketException("only a server socket does that");
        }
        return server;
    }

    void close() throws IOException {
        if (client != null) {
            client.close();
        } else {
            listener().close();
        }
    }

    void set(int option, Object value) throws SocketException {
        if (client == null) {
            setOnListener(option, value);
            return;
        }
        switch (option) {
            case SO_TIMEOUT -> client.setSoTimeout((int) value);
            case TCP_NODELAY -> client.setTcpNoDelay((boolean) value);
            case SO_LINGER -> client.setSoLinger(value instanceof Integer, value instanceof Integer time ? time : 0);
            case SO_KEEPALIVE -> client.setKeepAlive((boolean) value);
            case SO_OOBINLINE -> client.setOOBInline((boolean) value);
            case SO_SNDBUF -> client.setSendBufferSize((int) value);
            case SO_RCVBUF -> client.setReceiveBufferSize((int) value);
            case SO_REUSEADDR -> client.setReuseAddress((boolean) value);
            case IP_TOS -> client.setTrafficClass((int) value);
            default -> throw new SocketException("Unsupported option: " + option);
        }
    }

    private void setOnListener(int option, Object value) throws SocketException {
        switch (option) {
            case SO_TIMEOUT -> listener().setSoTimeout((int) value);
            case SO_RCVBUF -> listener().setReceiveBufferSize((int) value);
            case SO_REUSEADDR -> listener().setReuseAddress((boolean) value);
            default -> throw new SocketException("Unsupported option: " + option);
        }
    }

    Object get(int option) throws SocketException {
        if (client == null) {
            return getFromListener(option);
        }
        return switch (option) {
            case SO_TIMEOUT -> client.getSoTimeout();
            case SO_BINDADDR -> client.getLocalAddress();
            case TCP_NODELAY -> client.getTcpNoDelay();
            case SO_LINGER -> client.getSoLinger();
            case SO_KEEPALIVE -> client.getKeepAlive();
            case SO_OOBINLINE -> client.getOOBInline();
            case SO_SNDBUF -> client.getSendBufferSize();
            case SO_RCVBUF -> client.getReceiveBufferSize();
            case SO_REUSEADDR -> client.getReuseAddress();
            case IP_TOS -> client.getTrafficClass();
            default -> throw new SocketException("Unsupported option: " + option);
        };
    }

    private Object getFromListener(int option) throws SocketException {
        try {
            return switch (option) {
                case SO_TIMEOUT -> listener().getSoTimeout();
                case SO_BINDADDR -> Objects.requireNonNullElse(listener().getInetAddress(), anyAddress());
                case SO_RCVBUF -> listener().getReceiveBufferSize();
                case SO_REUSEADDR -> listener().getReuseAddress();
                default -> throw new SocketException("Unsupported option: " + option);
            };
        } catch (IOException e) {
            throw NumberedOptions.socketException(e);
        }
    }

    private static InetAddress anyAddress() throws IOException {
        return InetAddress.getByAddress(new byte[4]);
    }

    <T> void set(SocketOption<T> name, T value) throws IOException {
        if (client != null) {
            Socket ignored = client.setOption(name, value);
        } else {
            ServerSocket ignored = listener().setOption(name, value);
        }
    }

    <T> T get(SocketOption<T> name) throws IOException {
        return client != null ? client.getOption(name) : listener().getOption(name);
    }

    Set<SocketOption<?>> supported() {
        return client != null
                ? client.supportedOptions()
                : Objects.requireNonNull(server).supportedOptions();
    }
}
