package dev.towpath.tap;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The kernel's TCP as this network namespace has it: settings, which {@link #close} puts back, and counters under the
 * same names as the stack's. Both are files below {@code /proc}, so no tool is needed.
 */
final class KernelTcp implements AutoCloseable {
    private static final Path SETTINGS = Path.of("/proc/sys/net/ipv4");

    private static final String TIME_WAIT = "06";
    private static final String LISTEN = "0A";

    private final Map<String, String> before = new LinkedHashMap<>();
    private final Map<String, Long> countsBefore = counters();

    /** Sets {@code net.ipv4.name}; skips the test, and says why, where that is not allowed. */
    void set(String name, Object value) throws IOException {
        Path file = SETTINGS.resolve(name);
        if (!Files.isWritable(file)) {
            abort("this namespace may not change " + file);
        }
        String old = Files.readString(file).strip();
        before.putIfAbsent(name, old);
        Files.writeString(file, value.toString());
    }

    /** The congestion controls that a namespace may choose, which may be fewer than there are. */
    static List<String> congestionControls() {
        try {
            return List.of(Files.readString(SETTINGS.resolve("tcp_allowed_congestion_control"))
                    .strip()
                    .split(" ", -1));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** How often something has happened in the kernel since this object was made. */
    long counter(String name) {
        return counters().getOrDefault(name, 0L) - countsBefore.getOrDefault(name, 0L);
    }

    /**
     * Waits until every connection of the kernel's has ended, so that its last segments do not reach the stack of the
     * next test, which would have to answer them with resets.
     */
    static void awaitAllClosed() {
        TapTests.awaitUntil("the kernel has closed its connections", () -> open("tcp") + open("tcp6") == 0);
    }

    private static long open(String table) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/net/" + table))) {
            return lines.skip(1)
                    .map(line -> line.strip().split(" +", -1)[3])
                    .filter(state -> !state.equals(TIME_WAIT) && !state.equals(LISTEN))
                    .count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (Map.Entry<String, String> setting : before.entrySet()) {
            Files.writeString(SETTINGS.resolve(setting.getKey()), setting.getValue());
        }
    }

    /** Lines come in pairs that begin with the same word: names, then values. */
    private static Map<String, Long> counters() {
        Map<String, Long> counters = new HashMap<>();
        try {
            List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("/proc/net/snmp")));
            lines.addAll(Files.readAllLines(Path.of("/proc/net/netstat")));
            for (int i = 0; i + 1 < lines.size(); i += 2) {
                String[] names = lines.get(i).split(" ", -1);
                String[] values = lines.get(i + 1).split(" ", -1);
                String group = names[0].substring(0, names[0].length() - 1);
                for (int j = 1; j < names.length; j++) {
                    counters.put(group + names[j], Long.parseLong(values[j]));
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return counters;
    }
}
