package dev.towpath.setup;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where properties come from: the system's, and a file. A name that is none of ours is a typing error. */
final class PropertySources {
    /** Names of Towpath's own tests and simulations, which say nothing about a stack. */
    private static final Set<String> NOT_OF_A_STACK = Set.of("rewrite", "seed", "seeds", "captures", "namespace");

    private PropertySources() {}

    static Map<StackProperty, String> system() {
        Map<StackProperty, String> found = new EnumMap<>(StackProperty.class);
        Properties all = System.getProperties();
        for (String name : new TreeSet<>(all.stringPropertyNames())) {
            if (name.startsWith(StackProperty.PREFIX)) {
                String key = name.substring(StackProperty.PREFIX.length());
                if (!NOT_OF_A_STACK.contains(key.split("\\.", 2)[0])) {
                    found.put(named(key, "the system property " + name), all.getProperty(name));
                }
            }
        }
        return found;
    }

    /** What is given, and from the file that it names what is not. */
    static Map<StackProperty, String> withFile(Map<StackProperty, String> given) {
        String file = given.get(StackProperty.CONFIG);
        if (file == null) {
            return given;
        }
        Map<StackProperty, String> both = new EnumMap<>(StackProperty.class);
        both.putAll(read(file));
        both.putAll(given);
        return both;
    }

    /**
     * The property called {@code key}.
     *
     * @param where for the message if there is none
     */
    static StackProperty named(String key, String where) {
        return StackProperty.named(key)
                .orElseThrow(() -> new SetupException(
                        where + " is unknown" + resembling(key) + ". There are "
                                + Stream.of(StackProperty.values())
                                        .map(StackProperty::toString)
                                        .collect(Collectors.joining(", ")),
                        null));
    }

    private static Map<StackProperty, String> read(String file) {
        Properties lines = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(file))) {
            lines.load(reader);
        } catch (NoSuchFileException e) {
            throw SetupException.wrong(StackProperty.CONFIG, file, "there is no such file", e);
        } catch (IOException | IllegalArgumentException e) {
            String problem = e instanceof InvalidPathException ? "that is no name for a file" : "can't be read: " + e;
            throw SetupException.wrong(StackProperty.CONFIG, file, problem, e);
        }
        Map<StackProperty, String> found = new EnumMap<>(StackProperty.class);
        for (String name : new TreeSet<>(lines.stringPropertyNames())) {
            String key = name.startsWith(StackProperty.PREFIX) ? name.substring(StackProperty.PREFIX.length()) : name;
            StackProperty property = named(key, "'" + name + "' in the file " + file);
            if (property == StackProperty.CONFIG) {
                throw new SetupException("the file " + file + " can't name another file", null);
            }
            if (found.put(property, lines.getProperty(name)) != null) {
                throw new SetupException(
                        "the file " + file + " says twice what " + property + " is, with and without "
                                + StackProperty.PREFIX,
                        null);
            }
        }
        return found;
    }

    private static String resembling(String key) {
        for (StackProperty each : StackProperty.values()) {
            if (distance(each.key().toLowerCase(Locale.ROOT), key.toLowerCase(Locale.ROOT)) <= 2) {
                return " (is " + each + " meant?)";
            }
        }
        return "";
    }

    /** Letters to insert, remove or change to make one of the other (Levenshtein). */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
