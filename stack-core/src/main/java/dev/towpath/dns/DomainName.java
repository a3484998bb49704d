package dev.towpath.dns;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A fully qualified domain name as it stands in a message (RFC 1035 section 3.1): labels, each behind a byte with its
 * length, and the root's empty one at the end.
 *
 * <pre>
 *   3 w w w 7 e x a m p l e 4 t e s t 0
 * </pre>
 *
 * <p>Equal names may differ in the case of their ASCII letters (RFC 4343).
 */
final class DomainName {
    /** Bytes of a name at most, lengths and root included (RFC 1035 section 2.3.4). */
    static final int MAX_LENGTH = 255;

    /** Bytes of a label at most. */
    static final int MAX_LABEL = 63;

    /** The two bits that make a length a pointer to an earlier name (RFC 1035 section 4.1.4). */
    private static final int POINTER = 0xc0;

    private final byte[] wire;

    private DomainName(byte[] wire) {
        this.wire = wire;
    }

    /**
     * Reads a name as people write it, with or without the root's dot at its end.
     *
     * @throws IllegalArgumentException if it is no name that DNS can be asked for
     */
    static DomainName parse(String text) {
        String labels = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (String label : labels.split("\\.", -1)) {
            if (label.isEmpty() || label.length() > MAX_LABEL) {
                throw notAName(text, "a label has 1 to " + MAX_LABEL + " characters");
            }
            if (!label.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw notAName(text, "a name is of ASCII characters; an international one is written as xn--...");
            }
            wire.write(label.length());
            wire.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        wire.write(0);
        if (wire.size() > MAX_LENGTH) {
            throw notAName(text, "a name has " + (MAX_LENGTH - 2) + " characters at most");
        }
        return new DomainName(wire.toByteArray());
    }

    private static IllegalArgumentException notAName(String text, String rule) {
        return new IllegalArgumentException(printable(text) + " is not a domain name: " + rule);
    }

    /** The name under in-addr.arpa at which a host's name is found by its address (RFC 1035 section 3.5). */
    static DomainName reverse(int address) {
        return parse((address & 0xff) + "." + (address >>> 8 & 0xff) + "." + (address >>> 16 & 0xff) + "."
                + (address >>> 24) + ".in-addr.arpa");
    }

    /**
     * The name at {@code at}, which may end in a pointer.
     *
     * @return null if the bytes are none
     */
    static @Nullable DomainName read(ByteBuffer bytes, int at) {
        byte[] name = new byte[MAX_LENGTH];
        int length = 0;
        int start = at;
        int next = at;
        while (next < bytes.limit()) {
            int label = bytes.get(next) & 0xff;
            if ((label & POINTER) == POINTER) {
                int target = next + 1 < bytes.limit() ? bytes.getShort(next) & 0x3fff : start;
                if (target >= start) {
                    return null; // "a prior occurrence": each pointer leads further back, so there is no loop
                }
                start = target;
                next = target;
                continue;
            }
            int end = next + 1 + label;
            if (label > MAX_LABEL || end > bytes.limit() || length + 1 + label > MAX_LENGTH) {
                return null;
            }
            bytes.get(next, name, length, 1 + label);
            length += 1 + label;
            if (label == 0) {
                return new DomainName(Arrays.copyOf(name, length));
            }
            next = end;
        }
        return null;
    }

    /** Where what follows the name at {@code at} begins; -1 if the bytes are no name. */
    static int end(ByteBuffer bytes, int at) {
        int next = at;
        while (next < bytes.limit()) {
            int label = bytes.get(next) & 0xff;
            if ((label & POINTER) == POINTER) {
                return next + 2;
            }
            if (label > MAX_LABEL) {
                return -1;
            }
            next += 1 + label;
            if (label == 0) {
                return next;
            }
        }
        return -1;
    }

    /** This name below {@code domain}; null if that is too long to be a name. */
    @Nullable
    DomainName within(DomainName domain) {
        int own = wire.length - 1;
        if (own + domain.wire.length > MAX_LENGTH) {
            return null;
        }
        byte[] both = Arrays.copyOf(wire, own + domain.wire.length);
        System.arraycopy(domain.wire, 0, both, own, domain.wire.length);
        return new DomainName(both);
    }

    /** Appends it, without pointers. */
    void write(ByteBuffer into) {
        into.put(wire);
    }

    /**
     * The same name, each of its letters large or small by chance: what a forged answer would have to guess as well
     * (draft-vixie-dnsext-dns0x20).
     */
    DomainName inRandomCase(LongSupplier random) {
        byte[] mixed = wire.clone();
        long bits = 0;
        for (int i = 0; i < mixed.length; i++) {
            bits = i % Long.SIZE == 0 ? random.getAsLong() : bits >>> 1;
            if (isLetter(mixed[i])) { // a length is at most 63, and no letter
                mixed[i] ^= (byte) ((bits & 1) << 5);
            }
        }
        return new DomainName(mixed);
    }

    /** Equal, and in the same case too. */
    boolean identical(DomainName other) {
        return Arrays.equals(wire, other.wire);
    }

    /** True if a host may have this name (RFC 952, RFC 1123 section 2.1); with underscores, as there are many. */
    boolean isHostName() {
        for (int at = 0; wire[at] != 0; at += 1 + wire[at]) {
            for (int i = 1; i <= wire[at]; i++) {
                int c = wire[at + i];
                boolean inner = i > 1 && i < wire[at];
                if (!(isLetter((byte) c) || (c >= '0' && c <= '9') || c == '_' || (c == '-' && inner))) {
                    return false;
                }
            }
        }
        return wire.length > 1;
    }

    private static boolean isLetter(byte c) {
        int small = c | 0x20;
        return small >= 'a' && small <= 'z';
    }

    private static int lower(byte c) {
        return isLetter(c) ? c | 0x20 : c;
    }

    /** What people read, with no dot at its end; what can't be printed is escaped (RFC 1035 section 5.1). */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int at = 0; wire[at] != 0; at += 1 + wire[at]) {
            text.append(at == 0 ? "" : ".");
            for (int i = 1; i <= wire[at]; i++) {
                int c = wire[at + i] & 0xff;
                if (c == '.' || c == '\\') {
                    text.append('\\').append((char) c);
                } else if (c > ' ' && c < 0x7f) {
                    text.append((char) c);
                } else {
                    text.append('\\').append((char) ('0' + c / 100)).append((char) ('0' + c / 10 % 10));
                    text.append((char) ('0' + c % 10));
                }
            }
        }
        return text.isEmpty() ? "." : text.toString();
    }

    /** A text of unknown origin for a message: bounded, and without what would do harm on a terminal. */
    static String printable(String text) {
        String shortened = text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "...";
        StringBuilder safe = new StringBuilder("'");
        shortened.chars().forEach(c -> safe.append(Character.isISOControl(c) ? '?' : (char) c));
        return safe.append('\'').toString();
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof DomainName that) || that.wire.length != wire.length) {
            return false;
        }
        for (int i = 0; i < wire.length; i++) {
            if (lower(wire[i]) != lower(that.wire[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (byte each : wire) {
            hash = 31 * hash + lower(each);
        }
        return hash;
    }
}
