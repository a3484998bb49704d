package dev.towpath.cli.service;

import java.nio.ByteBuffer;
import java.util.function.IntUnaryOperator;

/** Bytes that repeat themselves for ever, to be sent from any place on without copying them first. */
final class Pattern {
    private final int period;
    private final ByteBuffer bytes;

    /** A pattern whose byte number {@code i} is {@code byteAt(i % period)}. */
    Pattern(int period, IntUnaryOperator byteAt) {
        this.period = period;
        this.bytes = ByteBuffer.allocateDirect(period + ServiceLoop.SCRATCH);
        for (int i = 0; i < bytes.capacity(); i++) {
            bytes.put(i, (byte) byteAt.applyAsInt(i % period));
        }
    }

    /** A view of the pattern for {@link #from}; one for each thread or connection. */
    ByteBuffer view() {
        return bytes.asReadOnlyBuffer();
    }

    /**
     * Sets {@code view} to the bytes from {@code offset} on, at most {@code length} and at most
     * {@link ServiceLoop#SCRATCH}.
     */
    ByteBuffer from(ByteBuffer view, long offset, long length) {
        int begin = (int) (offset % period);
        return view.limit(begin + (int) Math.min(length, ServiceLoop.SCRATCH)).position(begin);
    }
}
