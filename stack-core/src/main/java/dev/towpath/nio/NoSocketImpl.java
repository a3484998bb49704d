package dev.towpath.nio;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.SocketImpl;

/**
 * What adaptors give to their superclass, which would otherwise open a socket of the kernel's. Never called: the adaptors
 * do everything by their channel.
 */
final class NoSocketImpl extends SocketImpl {
    private static AssertionError called() {
        return new AssertionError("the adaptor overrides whatever would call this");
    }

    @Override
    protected void create(boolean stream) {
        throw called();
    }

    @Override
    protected void connect(String host, int port) {
        throw called();
    }

    @Override
    protected void connect(InetAddress address, int port) {
        throw called();
    }

    @Override
    protected void connect(SocketAddress address, int timeout) {
        throw called();
    }

    @Override
    protected void bind(InetAddress host, int port) {
        throw called();
    }

    @Override
    protected void listen(int backlog) {
        throw called();
    }

    @Override
    protected void accept(SocketImpl into) {
        throw called();
    }

    @Override
    protected InputStream getInputStream() {
        throw called();
    }

    @Override
    protected OutputStream getOutputStream() {
        throw called();
    }

    @Override
    protected int available() {
        throw called();
    }

    @Override
    protected void close() {
        throw called();
    }

    @Override
    protected void sendUrgentData(int data) {
        throw called();
    }

    @Override
    public void setOption(int option, Object value) {
        throw called();
    }

    @Override
    public Object getOption(int option) {
        throw called();
    }
}
