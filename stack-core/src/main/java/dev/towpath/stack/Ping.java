package dev.towpath.stack;

import dev.towpath.buffer.Frame;
import dev.towpath.icmp.EchoListener;
import dev.towpath.ip.IpError;
import dev.towpath.ip.Path;
import dev.towpath.wire.IpAddress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One echo request and the wait for its answer. */
final class Ping implements EchoListener {
    private static final int SEQUENCE = 1;

    private final Core core;
    private final Driver driver;
    private final IpAddress destination;
    private final WaitPoint answered;
    private long sentNanos;
    private @Nullable EchoReply reply;
    private @Nullable IpError error;

    private Ping(Core core, Driver driver, IpAddress destination) {
        this.core = core;
        this.driver = driver;
        this.destination = destination;
        this.answered = driver.newWaitPoint();
    }

    /** See {@link NetworkStack#ping}. */
    static Optional<EchoReply> send(Core core, Driver driver, IpAddress destination, int payloadSize, Duration timeout)
            throws IOException {
        driver.enter();
        try {
            return new Ping(core, driver, destination).run(payloadSize, timeout);
        } finally {
            driver.leave();
        }
    }

    private Optional<EchoReply> run(int payloadSize, Duration timeout) throws IOException {
        checkRunning();
        Path path = core.ip().route(null, destination);
        if (path == null) {
            throw new NoRouteToHostException(
                    "ping: there is no route to " + destination + "; give the stack a route or a gateway");
        }
        int identifier = core.icmp().openEcho(this);
        try {
            sentNanos = driver.nowNanos();
            core.icmp().ping(path, identifier, SEQUENCE, pattern(payloadSize));
            long deadline = sentNanos + timeout.toNanos();
            while (reply == null && error == null && driver.nowNanos() < deadline) {
                if (!driver.await(answered, deadline)) {
                    throw new InterruptedIOException("ping: the thread was interrupted while it waited");
                }
                checkRunning();
            }
        } finally {
            core.icmp().closeEcho(identifier);
        }
        if (reply == null && error != null) {
            throw new NoRouteToHostException("ping: " + destination + " can't be reached: " + error);
        }
        return Optional.ofNullable(reply);
    }

    private void checkRunning() throws IOException {
        if (!driver.running()) {
            SocketException down = new SocketException("ping: the stack is closed, or has failed");
            if (driver.failure() != null) {
                down.initCause(driver.failure());
            }
            throw down;
        }
    }

    /** Counting bytes, as ping has sent them since 1983. */
    private static ByteBuffer pattern(int size) {
        ByteBuffer payload = ByteBuffer.allocate(size);
        for (int i = 0; i < size; i++) {
            payload.put(i, (byte) i);
        }
        return payload;
    }

    @Override
    public void reply(Frame frame, int sequence) {
        if (reply == null) {
            IpAddress from = IpAddress.ofBits(frame.sourceHigh, frame.sourceLow);
            reply = new EchoReply(from, frame.end - frame.payload, frame.hopLimit, core.nowNanos() - sentNanos);
            answered.signal();
        }
    }

    @Override
    public void failed(IpError cause, int sequence) {
        error = cause;
        answered.signal();
    }
}
