package dev.towpath.nio;

import static dev.towpath.socket.SocketConstants.POLLIN;
import static dev.towpath.socket.SocketConstants.POLLOUT;

import dev.towpath.jdk.Addresses;
import dev.towpath.jdk.Exceptions;
import dev.towpath.jdk.Options;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.Pollable;
import dev.towpath.socket.SockAddr;
import dev.towpath.socket.SockOpt;
import dev.towpath.socket.UdpSocket;
import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.IpAddress;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A {@link DatagramChannel} of the stack: one thread at a time receives, one sends, and any closes. What the JDK's
 * documentation leaves open is as in the JDK on Linux.
 *
 * <p>Locks are taken in the order {@link #readLock}, {@link #writeLock}, {@link #stateLock}; only the first two are held
 * while waiting.
 */
final class UdpChannel extends DatagramChannel implements StackChannel {
    private static final long FOR_EVER = -1;
    private static final int MAX_DATAGRAM = 65_535;

    private final UdpSocket socket;
    private final UdpMemberships memberships;
    private final ReentrantLock readLock = new ReentrantLock();
    private final ReentrantLock writeLock = new ReentrantLock();
    private final ReentrantLock stateLock = new ReentrantLock();

    /** Guarded by the state lock, read without. */
    private volatile @Nullable InetSocketAddress local;

    private volatile @Nullable InetSocketAddress remote;
    private @Nullable NetworkInterface multicastInterface;

    private @Nullable DatagramAdaptor adaptor;

    /** Guarded by the read lock: who has sent last, and its address as the program gets it. */
    private final SockAddr sender = new SockAddr();

    private @Nullable IpAddress senderIp;
    private @Nullable InetSocketAddress senderAddress;
    private @Nullable ByteBuffer scattered;

    /** Guarded by the write lock: whom the last datagram went to. */
    private @Nullable InetSocketAddress target;

    private IpAddress targetIp = IpAddress.ANY_V4;
    private @Nullable ByteBuffer gathered;

    UdpChannel(SelectorProvider provider, NetworkStack stack) throws IOException {
        super(provider);
        try {
            this.socket = UdpSocket.open(stack);
            // A channel hears the groups that it has joined itself, as the JDK's on Linux
            socket.option(SockOpt.IP_MULTICAST_ALL, false);
        } catch (ErrnoException e) {
            throw Exceptions.datagramChannel(e);
        }
        this.memberships = new UdpMemberships(socket);
    }

    /** What it is a channel to. */
    UdpSocket udpSocket() {
        return socket;
    }

    @Override
    public DatagramSocket socket() {
        stateLock.lock();
        try {
            DatagramAdaptor made = adaptor;
            if (made == null) {
                made = new DatagramAdaptor(this);
                adaptor = made;
            }
            return made;
        } finally {
            stateLock.unlock();
        }
    }

    // ---- addresses

    @Override
    public DatagramChannel bind(@Nullable SocketAddress address) throws IOException {
        lockAll();
        try {
            ensureOpen();
            if (local != null) {
                throw new AlreadyBoundException();
            }
            bindTo(
                    address == null
                            ? new InetSocketAddress(IpAddress.ANY_V4.toInetAddress(), 0)
                            : Addresses.checked(address));
        } finally {
            unlockAll();
        }
        return this;
    }

    private void bindTo(InetSocketAddress address) throws IOException {
        try {
            socket.bind(Addresses.ip(address), address.getPort());
            local = Addresses.socketAddress(socket.localEndpoint());
        } catch (ErrnoException e) {
            throw Exceptions.datagramChannel(e);
        }
    }

    private void bindIfUnbound() throws IOException {
        if (local != null) {
            return;
        }
        stateLock.lock();
        try {
            if (local == null) {
                bindTo(new InetSocketAddress(IpAddress.ANY_V4.toInetAddress(), 0));
            }
        } finally {
            stateLock.unlock();
        }
    }

    @Override
    public DatagramChannel connect(SocketAddress address) throws IOException {
        connect(address, false);
        return this;
    }

    /** With {@code again} another peer may take the place of the one that there is. */
    void connect(SocketAddress address, boolean again) throws IOException {
        InetSocketAddress peer = Addresses.checked(address);
        lockAll();
        try {
            ensureOpen();
            if (remote != null && !again) {
                throw new AlreadyConnectedException();
            }
            if (peer.getPort() == 0) {
                throw new SocketException("Can't connect to port 0");
            }
            bindIfUnbound();
            try {
                socket.connect(Addresses.ip(peer), peer.getPort());
                local = Addresses.socketAddress(socket.localEndpoint());
                remote = peer;
                discardReceived();
            } catch (ErrnoException e) {
                throw Exceptions.datagramChannel(e);
            }
        } finally {
            unlockAll();
        }
    }

    /** What others have sent before is not received from a connected channel. */
    private void discardReceived() throws ErrnoException {
        ByteBuffer nothing = ByteBuffer.allocate(0);
        int length;
        do {
            length = socket.tryRecvFrom(nothing, null, 0);
        } while (length != Pollable.WOULD_BLOCK);
    }

    @Override
    public DatagramChannel disconnect() throws IOException {
        lockAll();
        try {
            if (isOpen() && remote != null) {
                socket.disconnect();
                remote = null;
                local = Addresses.socketAddress(socket.localEndpoint());
            }
        } catch (ErrnoException e) {
            throw Exceptions.datagramChannel(e);
        } finally {
            unlockAll();
        }
        return this;
    }

    @Override
    public boolean isConnected() {
        return remote != null && isOpen();
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        ensureOpen();
        return local;
    }

    @Override
    public @Nullable SocketAddress getRemoteAddress() throws IOException {
        ensureOpen();
        return remote;
    }

    @Nullable
    InetSocketAddress local() {
        return local;
    }

    @Nullable
    InetSocketAddress remote() {
        return remote;
    }

    // ---- receiving

    @Override
    public @Nullable SocketAddress receive(ByteBuffer into) throws IOException {
        Buffers.checkWritable(into);
        readLock.lock();
        try {
            ensureOpen();
            bindIfUnbound();
            return take(into) == Pollable.WOULD_BLOCK ? null : senderAddress();
        } finally {
            readLock.unlock();
        }
    }

    /** For the adaptor: waits so long for a datagram, a negative time for ever; null if none came. */
    @Nullable
    InetSocketAddress receiveWithin(ByteBuffer into, long waitNanos) throws IOException {
        readLock.lock();
        try {
            ensureOpen();
            bindIfUnbound();
            return take(into, true, waitNanos) == Pollable.WOULD_BLOCK ? null : senderAddress();
        } finally {
            readLock.unlock();
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        Buffers.checkWritable(into);
        readLock.lock();
        try {
            ensureConnected();
            return into.hasRemaining() ? transferred(take(into)) : 0;
        } catch (SocketException e) {
            throw ofTransfer(e);
        } finally {
            readLock.unlock();
        }
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
        Buffers.checkWritable(into, offset, length);
        int room = 0;
        for (int i = offset; i < offset + length; i++) {
            room = Math.min(MAX_DATAGRAM, room + into[i].remaining());
        }
        readLock.lock();
        try {
            ensureConnected();
            if (room == 0) {
                return 0;
            }
            ByteBuffer whole = withRoom(scattered, room);
            scattered = whole;
            int received = transferred(take(whole.limit(room)));
            whole.flip();
            for (int i = offset; whole.hasRemaining(); i++) {
                int fits = Math.min(whole.remaining(), into[i].remaining());
                into[i].put(whole.slice(whole.position(), fits));
                whole.position(whole.position() + fits);
            }
            return received;
        } catch (SocketException e) {
            throw ofTransfer(e);
        } finally {
            readLock.unlock();
        }
    }

    /** As in the JDK: an empty datagram reads like an end of stream, and nothing yet like nothing. */
    private static int transferred(int received) {
        return received == 0 ? Pollable.END_OF_STREAM : Math.max(0, received);
    }

    private int take(ByteBuffer into) throws IOException {
        boolean blocking = isBlocking();
        return take(into, blocking, blocking ? FOR_EVER : 0);
    }

    private int take(ByteBuffer into, boolean blocking, long waitNanos) throws IOException {
        int received = Pollable.WOULD_BLOCK;
        try {
            if (blocking) {
                begin();
            }
            received = socket.tryRecvFrom(into, sender, waitNanos);
        } catch (ErrnoException e) {
            throw Exceptions.datagramChannel(e);
        } finally {
            if (blocking) {
                if (Closing.byInterrupt()) {
                    begin();
                }
                end(received >= 0);
            }
        }
        return received;
    }

    /** The same object as long as the same peer sends. */
    @SuppressWarnings("ReferenceEquality") // to compare two references is what makes it cheap
    private InetSocketAddress senderAddress() {
        InetSocketAddress known = senderAddress;
        IpAddress ip = sender.address();
        if (known == null || ip != senderIp || sender.port() != known.getPort()) {
            known = Addresses.socketAddress(sender.endpoint());
            senderAddress = known;
            senderIp = ip;
        }
        return known;
    }

    // ---- sending

    @Override
    public int send(ByteBuffer data, SocketAddress address) throws IOException {
        Objects.requireNonNull(data);
        InetSocketAddress to = Addresses.checked(address);
        writeLock.lock();
        try {
            ensureOpen();
            bindIfUnbound();
            InetSocketAddress peer = remote;
            if (peer != null && !peer.equals(to)) {
                throw new AlreadyConnectedException();
            }
            if (to.getPort() == 0) {
                throw new SocketException("Can't send to port 0");
            }
            if (peer != null) {
                return put(data, null);
            }
            if (!to.equals(target)) {
                targetIp = Addresses.ip(to);
                target = to;
            }
            return put(data, to);
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public int write(ByteBuffer data) throws IOException {
        Objects.requireNonNull(data);
        writeLock.lock();
        try {
            ensureConnected();
            return data.hasRemaining() ? put(data, null) : 0; // as in the JDK only send sends an empty datagram
        } catch (SocketException e) {
            throw ofTransfer(e);
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public long write(ByteBuffer[] data, int offset, int length) throws IOException {
        Buffers.check(data, offset, length);
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            total += data[i].remaining();
        }
        writeLock.lock();
        try {
            ensureConnected();
            if (total == 0) {
                return 0;
            }
            int taken = (int) Math.min(MAX_DATAGRAM, total); // more than fits is refused as too long below
            ByteBuffer whole = withRoom(gathered, taken);
            gathered = whole;
            for (int i = offset; whole.position() < taken; i++) {
                int fits = Math.min(taken - whole.position(), data[i].remaining());
                whole.put(data[i].slice(data[i].position(), fits));
            }
            int sent = put(whole.flip(), null);
            for (int i = offset; i < offset + length; i++) {
                data[i].position(data[i].limit());
            }
            return sent;
        } catch (SocketException e) {
            throw ofTransfer(e);
        } finally {
            writeLock.unlock();
        }
    }

    /** To {@link #targetIp}, or if {@code to} is null to the peer. */
    private int put(ByteBuffer data, @Nullable InetSocketAddress to) throws IOException {
        boolean blocking = isBlocking();
        int sent = Pollable.WOULD_BLOCK;
        try {
            if (blocking) {
                begin();
            }
            sent = to == null ? socket.send(data, 0) : socket.sendTo(data, 0, targetIp, to.getPort());
        } catch (ErrnoException e) {
            throw Exceptions.datagramChannel(e);
        } finally {
            if (blocking) {
                if (Closing.byInterrupt()) {
                    begin();
                }
                end(sent >= 0);
            }
        }
        return sent;
    }

    private static ByteBuffer withRoom(@Nullable ByteBuffer known, int bytes) {
        return known != null && known.capacity() >= bytes ? known.clear() : ByteBuffer.allocate(Math.max(bytes, 2048));
    }

    /** As in the JDK, reading and writing fail with a plain IOException but for an ICMP error. */
    private static IOException ofTransfer(SocketException e) {
        return e instanceof PortUnreachableException ? e : new IOException(e.getMessage(), e);
    }

    // ---- multicast

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface on) throws IOException {
        return memberships.join(this, group, on, null);
    }

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface on, InetAddress source) throws IOException {
        return memberships.join(this, group, on, Objects.requireNonNull(source));
    }

    // ---- options

    @Override
    public <T> DatagramChannel setOption(SocketOption<T> option, T value) throws IOException {
        stateLock.lock();
        try {
            checkOption(option);
            Options.DATAGRAM.set(socket, option, value);
            if (option.equals(StandardSocketOptions.IP_MULTICAST_IF)) {
                multicastInterface = (NetworkInterface) value;
            }
        } finally {
            stateLock.unlock();
        }
        return this;
    }

    @Override
    @SuppressWarnings("unchecked") // the option's type is NetworkInterface
    public <T> @Nullable T getOption(SocketOption<T> option) throws IOException {
        stateLock.lock();
        try {
            checkOption(option);
            return option.equals(StandardSocketOptions.IP_MULTICAST_IF)
                    ? (T) multicastInterface // the very one that was set
                    : Options.DATAGRAM.get(socket, option);
        } finally {
            stateLock.unlock();
        }
    }

    /** That there is no such option is said of a closed channel, too. */
    private void checkOption(SocketOption<?> option) throws IOException {
        Objects.requireNonNull(option);
        if (!supportedOptions().contains(option)) {
            throw new UnsupportedOperationException("'" + option + "' not supported");
        }
        ensureOpen();
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return Options.DATAGRAM.supported();
    }

    // ---- selectors, and the end

    @Override
    public Pollable pollable() {
        return socket;
    }

    @Override
    public int pollEvents(int interestOps) {
        return ((interestOps & SelectionKey.OP_READ) != 0 ? POLLIN : 0)
                | ((interestOps & SelectionKey.OP_WRITE) != 0 ? POLLOUT : 0);
    }

    @Override
    public int readyOps(int events) {
        return ((events & POLLIN) != 0 ? SelectionKey.OP_READ : 0)
                | ((events & POLLOUT) != 0 ? SelectionKey.OP_WRITE : 0);
    }

    @Override
    @SuppressWarnings("LockNotBeforeTry") // to have had the locks is all: whoever is in a call has left it
    protected void implConfigureBlocking(boolean block) {
        readLock.lock();
        writeLock.lock();
        writeLock.unlock();
        readLock.unlock();
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        try {
            socket.close(); // who waits in it is told
        } finally {
            memberships.invalidateAll();
        }
    }

    @Override
    public void release() {
        // close has left nothing
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    private void ensureConnected() throws ClosedChannelException {
        ensureOpen();
        if (remote == null) {
            throw new NotYetConnectedException();
        }
    }

    private void lockAll() {
        readLock.lock();
        writeLock.lock();
        stateLock.lock();
    }

    private void unlockAll() {
        stateLock.unlock();
        writeLock.unlock();
        readLock.unlock();
    }
}
