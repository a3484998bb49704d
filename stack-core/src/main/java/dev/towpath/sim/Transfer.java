package dev.towpath.sim;

import dev.towpath.link.SeededStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * So many bytes from one host to another over a connection of their own, with a look at each of them when it arrives.
 *
 * <pre>{@code
 *   Transfer transfer = Transfer.start(a, b, 9, 10_000_000);
 *   net.runUntil(transfer::isDone, minutes(5));
 *   transfer.goodput(); // bits a second
 * }</pre>
 */
public final class Transfer {
    static final int PIECE = 65_536;

    private final Network net;
    private final long bytes;
    private final byte[] pattern;
    private final Duration begun;
    private @Nullable Duration over;
    private @Nullable Connection sender;
    private @Nullable Connection receiver;
    private long received;
    private boolean wrong;

    private Transfer(Network net, long bytes, String purpose) {
        this.net = net;
        this.bytes = bytes;
        this.begun = net.now();
        // A length without a common factor with anything of TCP's: a segment in the wrong place does not fit.
        this.pattern = new byte[65_521];
        SeededStream random = new SeededStream(net.seed(purpose), "data");
        for (int i = 0; i < pattern.length; i++) {
            pattern[i] = (byte) random.nextLong();
        }
    }

    /** Lets {@code to} listen at {@code port} and {@code from} connect to it and send, beginning now. */
    public static Transfer start(Host from, Host to, int port, long bytes) {
        Transfer transfer = new Transfer(from.net, bytes, from.name() + " " + to.name() + " " + port);
        to.listen(port, connection -> {
            transfer.receiver = connection;
            connection.onData((c, data) -> transfer.receive(data)).onEnd(c -> {
                transfer.over = transfer.net.now();
                c.end();
            });
        });
        transfer.sender = from.connect(to, port, connection -> connection.onRoom(transfer::send));
        return transfer;
    }

    private void send(Connection connection) {
        if (connection.sent() == bytes) {
            connection.end();
            return;
        }
        int at = (int) (connection.sent() % pattern.length);
        int count = (int) Math.min(bytes - connection.sent(), pattern.length - at);
        connection.send(ByteBuffer.wrap(pattern, at, count));
    }

    private void receive(ByteBuffer data) {
        while (data.hasRemaining()) {
            int at = (int) (received % pattern.length);
            int count = Math.min(data.remaining(), pattern.length - at);
            ByteBuffer arrived = data.slice(data.position(), count);
            wrong |= !arrived.equals(ByteBuffer.wrap(pattern, at, count));
            data.position(data.position() + count);
            received += count;
        }
    }

    /** True once all has arrived, and the end behind it. */
    public boolean isDone() {
        return over != null;
    }

    /** Bytes that have arrived so far. */
    public long received() {
        return received;
    }

    /** True if nothing but what was sent has arrived, and once it {@link #isDone} all of it. */
    public boolean isIntact() {
        return !wrong && (over == null || received == bytes);
    }

    /** From the beginning, handshake included, to the end, or to now. */
    public Duration duration() {
        return (over == null ? net.now() : over).minus(begun);
    }

    /** Bits of data that have arrived a second. */
    public double goodput() {
        return received * 8e9 / duration().toNanos();
    }

    /** The sending end. */
    public Connection sender() {
        if (sender == null) {
            throw new IllegalStateException("the transfer has not begun");
        }
        return sender;
    }

    /** The receiving end, or null as long as it has not been accepted. */
    public @Nullable Connection receiver() {
        return receiver;
    }

    @Override
    public String toString() {
        return received + " of " + bytes + " bytes in " + duration().toMillis() + " ms" + (wrong ? ", damaged" : "");
    }
}
