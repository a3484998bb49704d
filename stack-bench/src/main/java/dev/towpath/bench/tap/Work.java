package dev.towpath.bench.tap;

import java.util.Arrays;
import java.util.List;

/** What is measured. */
public enum Work {
    /** One stream from the kernel to the system. */
    IN("in", "Gbit/s"),
    /** One stream from the system to the kernel. */
    OUT("out", "Gbit/s"),
    /** One byte there and one back, with both ends on one core. */
    REQUESTS("rr", "round trips/s"),
    /** A connection is set up, ended in order and gone, 16 at a time. */
    CONNECTIONS("connect", "connections/s"),
    /** 64 streams at once from the kernel. */
    STREAMS_IN("streams-in", "Gbit/s"),
    /** 64 streams at once to the kernel. */
    STREAMS_OUT("streams-out", "Gbit/s"),
    /** Datagrams of 64 bytes from the kernel, 32 with each system call; what arrives at the application counts. */
    DATAGRAMS_IN("udp-in", "datagrams/s");

    private final String word;
    private final String unit;

    Work(String word, String unit) {
        this.word = word;
        this.unit = unit;
    }

    /** As the command line and the results have it. */
    public String word() {
        return word;
    }

    /** Of its figures. */
    public String unit() {
        return unit;
    }

    /** Whether all of it happens on one core. */
    boolean pinned() {
        return this == REQUESTS;
    }

    /** Whether what a TAP allows can be shown with it: the ceiling knows one stream at a time, and no UDP. */
    boolean hasCeiling() {
        return this != STREAMS_IN && this != STREAMS_OUT && this != DATAGRAMS_IN;
    }

    /**
     * The work of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Work of(String word) {
        return Arrays.stream(values())
                .filter(work -> work.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no work '" + word + "', only " + String.join(", ", words())));
    }

    private static List<String> words() {
        return Arrays.stream(values()).map(Work::word).toList();
    }
}
