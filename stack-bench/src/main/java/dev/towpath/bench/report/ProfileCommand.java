package dev.towpath.bench.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code profile}: where the time of a recording went. */
@Command(
        name = "profile",
        description = {
            "Reads a JFR recording that compare or soak have made (--jfr): in which methods the samples lie, and which of"
                    + " the stack's they lie below.",
            "JFR samples Java code every 20 ms and system calls too, but not the kernel itself. Threads that wait don't count."
        },
        mixinStandardHelpOptions = true)
public final class ProfileCommand implements Callable<Integer> {
    private static final Set<String> SAMPLES = Set.of("jdk.ExecutionSample", "jdk.NativeMethodSample");
    private static final String OURS = "dev.towpath.";

    /** Native methods in which a thread waits rather than works. */
    private static final Set<String> WAITING = Set.of(
            "java.io.FileInputStream.readBytes",
            "sun.nio.ch.Net.accept",
            "sun.nio.ch.Net.poll",
            "sun.nio.ch.EPoll.wait",
            "dev.towpath.tap.Libc$jnr$ffi$0.ppoll");

    @Parameters(paramLabel = "FILE.jfr", description = "The recording")
    private Path recording = Path.of("");

    @Option(names = "--top", paramLabel = "N", description = "So many methods. Default: ${DEFAULT-VALUE}")
    private int top = 20;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Map<String, Integer> self = new HashMap<>();
        Map<String, Integer> below = new HashMap<>();
        int samples = 0;
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                if (SAMPLES.contains(event.getEventType().getName())
                        && event.getStackTrace() != null
                        && !event.getStackTrace().getFrames().isEmpty()
                        && !WAITING.contains(
                                name(event.getStackTrace().getFrames().get(0)))) {
                    samples++;
                    count(event.getStackTrace().getFrames(), self, below);
                }
            }
        }
        print("samples in the method itself, of " + samples, self, samples);
        print("samples in the stack's method or below it", below, samples);
        return 0;
    }

    private static void count(List<RecordedFrame> frames, Map<String, Integer> self, Map<String, Integer> below) {
        self.merge(name(frames.get(0)), 1, Integer::sum);
        Set<String> seen = new HashSet<>();
        for (RecordedFrame frame : frames) {
            String name = name(frame);
            if (name.startsWith(OURS) && seen.add(name)) { // a method that calls itself counts once
                below.merge(name, 1, Integer::sum);
            }
        }
    }

    private static String name(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    private void print(String heading, Map<String, Integer> counts, int samples) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(heading);
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(top)
                .forEach(each ->
                        out.printf(Locale.ROOT, "  %5.1f %%  %s%n", 100.0 * each.getValue() / samples, each.getKey()));
        out.flush();
    }
}
