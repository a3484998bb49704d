package dev.towpath.testing.rfc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.platform.commons.support.AnnotationSupport;

/** Which tests show which requirement: what {@link Covers} says on the compiled test classes. */
final class CoverageMap {
    private final Map<Requirement, SortedMap<String, SortedSet<String>>> tests = new EnumMap<>(Requirement.class);
    private final SortedSet<String> misplaced = new TreeSet<>();

    private CoverageMap() {}

    /** Looks at all classes that were compiled together with this one. */
    static CoverageMap read() {
        CoverageMap map = new CoverageMap();
        Path root = root();
        try (Stream<Path> files = Files.walk(root)) {
            files.map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .filter(file -> file.startsWith("dev/towpath/") && file.endsWith("Test.class"))
                    .sorted()
                    .forEach(file -> map.take(load(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return map;
    }

    /** Test classes by full name, each with the methods that show it, in alphabetical order. */
    SortedMap<String, SortedSet<String>> tests(Requirement requirement) {
        return tests.getOrDefault(requirement, new TreeMap<>());
    }

    /** Methods that say that they cover something, and are no tests, or don't run. */
    Set<String> misplaced() {
        return misplaced;
    }

    private void take(Class<?> type) {
        Covers all = type.getAnnotation(Covers.class);
        for (Method method : type.getDeclaredMethods()) {
            Covers own = method.getAnnotation(Covers.class);
            boolean runs = runs(type, method);
            if (own != null && !runs) {
                misplaced.add(type.getName() + "." + method.getName());
            }
            if (runs) {
                Stream.of(all, own)
                        .filter(covers -> covers != null)
                        .flatMap(covers -> Arrays.stream(covers.value()))
                        .forEach(requirement -> add(requirement, type, method));
            }
        }
    }

    private void add(Requirement requirement, Class<?> type, Method method) {
        tests.computeIfAbsent(requirement, key -> new TreeMap<>())
                .computeIfAbsent(type.getName(), key -> new TreeSet<>())
                .add(method.getName());
    }

    private static boolean runs(Class<?> type, Method method) {
        boolean test = AnnotationSupport.isAnnotated(method, Test.class)
                || AnnotationSupport.isAnnotated(method, ParameterizedTest.class);
        boolean disabled = AnnotationSupport.isAnnotated(method, Disabled.class)
                || AnnotationSupport.isAnnotated(type, Disabled.class);
        return test && !disabled;
    }

    private static Class<?> load(String file) {
        String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
        try {
            return Class.forName(name, false, CoverageMap.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path root() {
        URI place = null;
        try {
            place = CoverageMap.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return Path.of(place);
    }
}
