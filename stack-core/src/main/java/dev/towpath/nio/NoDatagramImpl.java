package dev.towpath.nio;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocketImpl;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * What {@link DatagramAdaptor} gives to its superclass, which would otherwise open a socket of the kernel's. Never
 * called: the adaptor does everything by its channel.
 */
@SuppressWarnings("deprecation") // what is abstract must be there
final class NoDatagramImpl extends DatagramSocketImpl {
    private static AssertionError called() {
        return new AssertionError("the adaptor overrides whatever would call this");
    }

    @Override
    protected void create() throws SocketException {
        throw called();
    }

    @Override
    protected void bind(int port, InetAddress address) throws SocketException {
        throw called();
    }

    @Override
    protected void send(DatagramPacket packet) throws IOException {
        throw called();
    }

    @Override
    protected int peek(InetAddress address) throws IOException {
        throw called();
    }

    @Override
    protected int peekData(DatagramPacket packet) throws IOException {
        throw called();
    }

    @Override
    protected void receive(DatagramPacket packet) throws IOException {
        throw called();
    }

    @Override
    protected void setTTL(byte ttl) throws IOException {
        throw called();
    }

    @Override
    protected byte getTTL() throws IOException {
        throw called();
    }

    @Override
    protected void setTimeToLive(int ttl) throws IOException {
        throw called();
    }

    @Override
    protected int getTimeToLive() throws IOException {
        throw called();
    }

    @Override
    protected void join(InetAddress group) throws IOException {
        throw called();
    }

    @Override
    protected void leave(InetAddress group) throws IOException {
        throw called();
    }

    @Override
    protected void joinGroup(SocketAddress group, @Nullable NetworkInterface on) throws IOException {
        throw called();
    }

    @Override
    protected void leaveGroup(SocketAddress group, @Nullable NetworkInterface on) throws IOException {
        throw called();
    }

    @Override
    protected void close() {}

    @Override
    public void setOption(int option, Object value) throws SocketException {
        throw called();
    }

    @Override
    public Object getOption(int option) throws SocketException {
        throw called();
    }
}
