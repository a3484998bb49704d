package dev.towpath.dns;

import dev.towpath.wire.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names and addresses in a file of the form of {@code /etc/hosts}: an address, then its names, on each line; text behind
 * {@code #} is a comment. It is read again when it has changed.
 */
final class HostsFile {
    /** What the file said when it was read last. */
    private record Content(FileTime modified, Map<String, List<IpAddress>> byName, Map<IpAddress, String> byAddress) {}

    private final Path file;
    private volatile Content content;

    /**
     * The names in {@code file}.
     *
     * @throws UncheckedIOException if it can't be read
     */
    HostsFile(Path file) {
        this.file = file;
        try {
            this.content = read(file);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "can't read the hosts file " + file + "; name one that exists, of lines such as"
                            + " '192.0.2.7 www.example.test www'",
                    e);
        }
    }

    /** The addresses of {@code name}; empty if it is not in the file. */
    List<IpAddress> addresses(String name) {
        return current().byName.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /** The first name of {@code address}; null if it is not in the file. */
    @Nullable
    String name(IpAddress address) {
        return current().byAddress.get(address);
    }

    private Content current() {
        Content known = content;
        try {
            if (!Files.getLastModifiedTime(file).equals(known.modified)) {
                known = read(file);
                content = known;
            }
        } catch (IOException gone) {
            return known; // being replaced, or removed: what it said last is better than nothing
        }
        return known;
    }

    private static Content read(Path file) throws IOException {
        FileTime modified = Files.getLastModifiedTime(file);
        Map<String, List<IpAddress>> byName = new HashMap<>();
        Map<IpAddress, String> byAddress = new HashMap<>();
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            String[] words = line.replaceFirst("#.*", "").strip().split("\\s+", -1);
            IpAddress address = address(words[0]);
            if (address == null) {
                continue;
            }
            for (int i = 1; i < words.length; i++) {
                byName.computeIfAbsent(words[i].toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                        .add(address);
                byAddress.putIfAbsent(address, words[i]);
            }
        }
        return new Content(modified, byName, byAddress);
    }

    private static @Nullable IpAddress address(String word) {
        try {
            IpAddress address = IpAddress.parse(word);
            return address.isV4() ? address : null;
        } catch (IllegalArgumentException otherLine) {
            return null;
        }
    }
}
