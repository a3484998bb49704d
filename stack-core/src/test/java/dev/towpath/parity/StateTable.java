package dev.towpath.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What each call does in each state: a table that is recorded from the JDK and checked in, a line for each cell. Where
 * JDK 17 differs from later ones the line ends with that; ours does what later ones do.
 *
 * <p>To write the tables anew, on JDK 25 and then, for what differs, on JDK 17:
 * {@code mvn -q -pl stack-core test -Dtest='*StatesTest,*OptionsTest' -Dtowpath.rewrite=true}.
 */
final class StateTable {
    private static final Path FOLDER = Path.of("src", "test", "resources", "dev", "towpath", "parity");
    private static final String SEPARATOR = " | ";
    private static final String BLOCKS = "blocks, then ";
    private static final String ON_17 = "; on JDK 17: ";
    private static final boolean IS_17 = Runtime.version().feature() == 17;

    private boolean variantOn17;
    private final Path file;
    private final World world;
    private final Map<String, String> checkedIn;
    private final Map<String, String> actual = new LinkedHashMap<>();

    StateTable(String name, World world) throws IOException {
        this.world = world;
        variantOn17 = IS_17 && !world.isOurs();
        file = FOLDER.resolve(name);
        checkedIn = Files.exists(file) ? read() : new LinkedHashMap<>();
    }

    private Map<String, String> read() throws IOException {
        Map<String, String> cells = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] parts = line.split("\\|", 3);
            cells.put(parts[0].strip() + SEPARATOR + parts[1].strip(), parts[2].strip());
        }
        return cells;
    }

    private boolean recording() {
        return world == World.JDK && Boolean.getBoolean("towpath.rewrite");
    }

    /** Ours does otherwise, for a reason, wherever the cell's text matches {@code cells}. */
    void except(Difference difference, String cells, String ours) {
        if (difference.in(world)) {
            checkedIn.replaceAll((cell, outcome) -> cell.matches(cells) ? ours : outcome);
        }
    }

    /** Ours does otherwise, for a reason, as far as {@code part} occurs in outcomes. */
    void rewrite(Difference difference, String part, String ours) {
        if (difference.in(world)) {
            checkedIn.replaceAll((cell, outcome) -> outcome.replace(part, ours));
        }
    }

    /** On JDK 17 ours is as the JDK is: what that does not have a name for, ours cannot offer. */
    void oursFollowsJdk17() {
        variantOn17 = IS_17;
    }

    private @Nullable String expected(String cell) {
        String text = checkedIn.get(cell);
        int variant = text == null ? -1 : text.indexOf(ON_17);
        if (text == null || variant < 0) {
            return text;
        }
        return variantOn17 ? text.substring(variant + ON_17.length()) : text.substring(0, variant);
    }

    /** A call whose outcome is wanted. */
    interface Call<C> {
        @Nullable
        Object on(C channel) throws Exception;
    }

    /** Calls on a thread of its own. A call that blocks is ended by closing the channel. */
    <C extends AutoCloseable> void record(String state, String name, C channel, Call<? super C> call) throws Exception {
        String cell = state + SEPARATOR + name;
        Background<String> background = Background.start(cell, () -> Outcome.of(() -> call.on(channel)));
        // A thread that is slow looks like one that blocks, so it is the table that says which calls block.
        boolean blocks = recording()
                ? background.blocks()
                : Objects.requireNonNullElse(expected(cell), "").startsWith(BLOCKS);
        if (blocks) {
            background.awaitBlocked();
            channel.close();
        }
        put(state, name, (blocks ? BLOCKS : "") + background.outcome());
    }

    void put(String state, String name, String outcome) {
        actual.put(state + SEPARATOR + name, outcome);
    }

    /** Compares with what is checked in, or writes it from the JDK if asked to. */
    void check() throws IOException {
        if (recording()) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, lines());
        } else {
            assertThat(differences()).as(file.toString()).isEmpty();
        }
    }

    private List<String> differences() {
        Set<String> cells = new LinkedHashSet<>(checkedIn.keySet());
        cells.addAll(actual.keySet());
        return cells.stream()
                .filter(cell -> !Objects.equals(expected(cell), actual.get(cell)))
                .map(cell -> cell + ": expected " + expected(cell) + ", was " + actual.get(cell))
                .toList();
    }

    private String lines() {
        String format = "%-" + width(0) + "s | %-" + width(1) + "s | %s%n";
        return actual.entrySet().stream()
                .map(cell -> String.format(format, part(cell.getKey(), 0), part(cell.getKey(), 1), variants(cell)))
                .collect(Collectors.joining());
    }

    private String variants(Map.Entry<String, String> cell) {
        String known = checkedIn.getOrDefault(cell.getKey(), cell.getValue()).replaceFirst(ON_17 + ".*", "");
        return IS_17 && !known.equals(cell.getValue()) ? known + ON_17 + cell.getValue() : cell.getValue();
    }

    private int width(int part) {
        return actual.keySet().stream()
                .mapToInt(cell -> part(cell, part).length())
                .max()
                .orElse(1);
    }

    private static String part(String cell, int index) {
        int separator = cell.indexOf(SEPARATOR);
        return index == 0 ? cell.substring(0, separator) : cell.substring(separator + SEPARATOR.length());
    }
}
