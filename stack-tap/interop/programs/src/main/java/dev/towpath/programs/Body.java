package dev.towpath.programs;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/** Bytes that follow from how many they are, so that both ends know what the other one has sent. */
public final class Body {
    private static final int PIECE = 64 * 1024;

    private static final Map<Long, String> HASHES = new ConcurrentHashMap<>();

    private Body() {}

    /** So many bytes. */
    public static InputStream of(long length) {
        return new InputStream() {
            private final SplittableRandom random = new SplittableRandom(length);
            private final byte[] piece = new byte[PIECE];
            private long left = length;
            private int used = PIECE;

            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int count) {
                if (left == 0) {
                    return -1;
                }
                if (used == PIECE) {
                    random.nextBytes(piece);
                    used = 0;
                }
                int now = (int) Math.min(Math.min(count, left), PIECE - used);
                System.arraycopy(piece, used, bytes, offset, now);
                used += now;
                left -= now;
                return now;
            }

            @Override
            public int available() {
                return (int) Math.min(left, Integer.MAX_VALUE);
            }
        };
    }

    /** The SHA-256 of so many bytes, in hexadecimal digits. */
    public static String hashOf(long length) throws IOException {
        String known = HASHES.get(length);
        String hash = known == null ? hash(of(length)) : known;
        HASHES.put(length, hash);
        return hash;
    }

    /** The SHA-256 of all that {@code in} has, in hexadecimal digits. */
    public static String hash(InputStream in) throws IOException {
        MessageDigest digest = sha256();
        byte[] piece = new byte[PIECE];
        for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
            digest.update(piece, 0, count);
        }
        return hex(digest);
    }

    /** What hashes piece by piece. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has it", e);
        }
    }

    /** The hash of what {@code digest} has been given. */
    public static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
