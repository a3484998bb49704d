package dev.towpath.nio;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** What a channel sends, as the stream of its adaptor. */
final class ChannelOutput extends OutputStream {
    private final TcpChannel channel;

    ChannelOutput(TcpChannel channel) {
        this.channel = channel;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, data.length);
        if (length > 0) {
            channel.writeFully(ByteBuffer.wrap(data, offset, length));
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
