package dev.towpath.nio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.LongSupplier;

/** What a channel receives, as the stream of its adaptor. */
final class ChannelInput extends InputStream {
    private final TcpChannel channel;
    /** How long a read waits, in nanoseconds; a negative time is for ever. */
    private final LongSupplier patience;

    ChannelInput(TcpChannel channel, LongSupplier patience) {
        this.channel = channel;
        this.patience = patience;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        return length == 0 ? 0 : channel.readWithin(ByteBuffer.wrap(into, offset, length), patience.getAsLong());
    }

    @Override
    public int available() throws IOException {
        return channel.available();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
