package dev.towpath.programs;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program in a JVM of its own, which ends with the test at the latest. */
final class Program implements AutoCloseable {
    private static final int START_SECONDS = 60;
    private static final int RUN_SECONDS = 120;
    private static final int END_SECONDS = 10;
    private static final int MOST_LINES = 100;

    private final String address;
    private final Process process;
    private final Thread killer;
    private final Thread reader;
    private final List<String> said = new ArrayList<>();
    private boolean ended;

    private Program(String address, List<String> command) throws IOException {
        this.address = address;
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        killer = new Thread(process::destroyForcibly, "killer");
        Runtime.getRuntime().addShutdownHook(killer);
        reader = new Thread(this::read, "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts one of the small programs. */
    static Program start(World world, Class<?> main, Object... arguments) throws IOException {
        return start(world, List.of(), main, arguments);
    }

    /** Starts one of the small programs with further options of the JVM. */
    static Program start(World world, List<String> options, Class<?> main, Object... arguments) throws IOException {
        List<String> all = new ArrayList<>(Keys.options());
        all.addAll(options);
        return new Program(
                world.programAddress(),
                concat(world.command(all, Programs.property("programs.classpath"), main.getName()), arguments));
    }

    /** Starts a jar that was published. */
    static Program startPublished(World world, String jar, Object... arguments) throws IOException {
        return new Program(world.programAddress(), concat(world.jar(List.of(), published(jar)), arguments));
    }

    /** Starts another of its classes than its manifest names. */
    static Program startPublishedClass(World world, String jar, String main, Object... arguments) throws IOException {
        return new Program(world.programAddress(), concat(world.command(List.of(), published(jar), main), arguments));
    }

    /** Starts whatever {@code command} says. */
    static Program run(String address, List<String> command) throws IOException {
        return new Program(address, command);
    }

    private static String published(String jar) {
        return Programs.property("programs.published") + "/" + jar;
    }

    /** Where it is found. */
    String address() {
        return address;
    }

    /** Waits until it says something that has {@code part} in it. */
    Program await(String part) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        synchronized (said) {
            while (said.stream().noneMatch(line -> line.contains(part))) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (ended || left <= 0) {
                    throw new AssertionError("waited for '" + part + "', but "
                            + (ended ? "it ended" : "it took too long") + ":\n" + output());
                }
                said.wait(left);
            }
        }
        return this;
    }

    /** Waits until it has ended well; returns what it has said. */
    String awaitEnd() throws InterruptedException {
        if (!process.waitFor(RUN_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still running:\n" + output());
        }
        reader.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
        if (process.exitValue() != 0) {
            throw new AssertionError("exit status " + process.exitValue() + ":\n" + output());
        }
        return output();
    }

    /** What it has said lately. */
    String output() {
        synchronized (said) {
            return String.join("\n", said.subList(Math.max(said.size() - MOST_LINES, 0), said.size()));
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(killer);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                say(line, false);
            }
        } catch (IOException e) {
            say(e.toString(), false); // its end, seen from here
        }
        say("(end of output)", true);
    }

    private void say(String line, boolean last) {
        synchronized (said) {
            said.add(line);
            ended = last;
            said.notifyAll();
        }
    }

    private static List<String> concat(List<String> command, Object... arguments) {
        List<String> all = new ArrayList<>(command);
        Arrays.stream(arguments).map(String::valueOf).forEach(all::add);
        return all;
    }
}
