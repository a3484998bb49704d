package dev.towpath.tap;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way into a private network namespace, where an ordinary user may create TAP devices and nothing reaches the
 * machine's own network.
 *
 * <p>A process with threads can't move itself there, so a JVM starts itself again beneath {@code unshare}(1):
 * {@link #probe} finds out whether that works, {@link #rerun} does it, and {@link #tapObstacle} tells the new JVM (or
 * one that is content with the namespace it has) whether TAP devices can be made.
 */
public final class Namespaces {
    /**
     * System property of a JVM that {@link #rerun} started: the options of nsenter(1) that lead into its namespaces.
     */
    private static final String PROPERTY = "towpath.namespace.enter";

    /** How to make namespaces, and how others enter them. */
    private record Way(List<String> unshare, String enter) {}

    /**
     * With a user namespace, which needs no privilege; in some containers root may have a network namespace but no user
     * namespace.
     */
    private static final List<Way> WAYS = List.of(
            new Way(
                    List.of("unshare", "--user", "--map-root-user", "--net", "--"),
                    "--user --preserve-credentials --net"),
            new Way(List.of("unshare", "--net", "--"), "--net"));

    private final @Nullable Way way;
    private final @Nullable String obstacle;

    private Namespaces(@Nullable Way way, @Nullable String obstacle) {
        this.way = way;
        this.obstacle = obstacle;
    }

    /** Finds out whether this process may have a private namespace. */
    public static Namespaces probe() {
        return probe(WAYS);
    }

    /**
     * As {@link #probe}, but with the rights of root where this process has them: root of a user namespace may not
     * lengthen a TAP's queue.
     */
    public static Namespaces probeWithRights() {
        return probe(List.of(WAYS.get(1), WAYS.get(0)));
    }

    private static Namespaces probe(List<Way> ways) {
        String firstRefusal = null;
        for (Way way : ways) {
            String refusal = tryOut(way.unshare());
            if (refusal == null) {
                return new Namespaces(way, null);
            }
            firstRefusal = firstRefusal == null ? refusal : firstRefusal;
        }
        return new Namespaces(null, firstRefusal);
    }

    /** True in a JVM that {@link #rerun} started. */
    public static boolean entered() {
        return System.getProperty(PROPERTY) != null;
    }

    /**
     * Why no TAP device can be made in the network namespace of this process, or null if one can: it has just been
     * tried.
     */
    public static @Nullable String tapObstacle() {
        try {
            TapHandle.open("tap%d", Offload.NONE).close();
            return null;
        } catch (TapException e) {
            return e.getMessage();
        }
    }

    /** Why this process may not have a private namespace, in one line, or null if it may. */
    public @Nullable String obstacle() {
        return obstacle;
    }

    /**
     * What to put before a command so that it runs in a new private namespace.
     *
     * @throws IllegalStateException if there is an {@link #obstacle}
     */
    public List<String> unshareCommand() {
        return possible().unshare();
    }

    /**
     * What to put before a command so that it runs in the user namespace, if there is one, of process {@code pid},
     * which began with {@link #unshareCommand}.
     *
     * @param network also in its network namespace
     * @throws IllegalStateException if there is an {@link #obstacle}
     */
    public List<String> enterCommand(long pid, boolean network) {
        List<String> command = new ArrayList<>(List.of("nsenter", "-t", Long.toString(pid)));
        for (String option : possible().enter().split(" ", -1)) {
            if (network || !option.equals("--net")) {
                command.add(option);
            }
        }
        command.add("--");
        return command;
    }

    /**
     * What to put before a shell command so that it runs in the namespaces of this process, which {@link #rerun}
     * started.
     */
    public static String enterCommand() {
        return "nsenter -t " + ProcessHandle.current().pid() + " " + System.getProperty(PROPERTY, "--net");
    }

    /**
     * Runs {@code main} with {@code arguments} in a JVM like this one, but in a private namespace, on this one's
     * terminal; waits for its end. If this JVM is ended, so is that one.
     *
     * @return its exit status
     * @throws IllegalStateException if there is an {@link #obstacle}
     */
    public int rerun(Class<?> main, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(possible().unshare());
        command.addAll(java(main, possible().enter()));
        command.addAll(arguments);
        Process child = new ProcessBuilder(command).inheritIO().start();
        Thread ending = new Thread(() -> end(child), "towpath-namespace");
        Runtime.getRuntime().addShutdownHook(ending);
        int status = child.waitFor();
        removeHook(ending);
        return status;
    }

    private Way possible() {
        if (way == null) {
            throw new IllegalStateException("no private namespace: " + obstacle);
        }
        return way;
    }

    private static void end(Process child) {
        child.destroy(); // SIGTERM: it closes in order
        try {
            child.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // this JVM is ending already, and the hook is what ended the child
            return;
        }
    }

    /** The command line of this JVM up to the main class. */
    private static List<String> java(Class<?> main, String enter) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-D" + PROPERTY + "=" + enter);
        String classPath = System.getProperty("java.class.path", "");
        if (classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator)) {
            command.addAll(List.of("-jar", classPath)); // its manifest allows native access, which JDK 24+ asks for
        } else {
            command.addAll(List.of("-cp", classPath, main.getName()));
        }
        return command;
    }

    private static @Nullable String tryOut(List<String> unshare) {
        List<String> command = new ArrayList<>(unshare);
        command.add("true");
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? null : said.replace('\n', ' ');
        } catch (IOException e) {
            return "can't run the command unshare (Debian's package util-linux): " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}
