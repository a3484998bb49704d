package dev.towpath.tcp.congestion;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The congestion controls there are, by the names that Linux has for them. */
public enum Algorithm {
    /** {@link Cubic}. */
    CUBIC("cubic"),
    /** {@link NewReno}. */
    RENO("reno");

    private final String linuxName;

    Algorithm(String linuxName) {
        this.linuxName = linuxName;
    }

    /** The one of this name, or null. */
    public static @Nullable Algorithm named(String name) {
        for (Algorithm algorithm : values()) {
            if (algorithm.linuxName.equals(name)) {
                return algorithm;
            }
        }
        return null;
    }

    /** All names, for messages. */
    public static String names() {
        return Arrays.stream(values()).map(Algorithm::linuxName).collect(Collectors.joining(", "));
    }

    /** What Linux and TCP_CONGESTION call it. */
    public String linuxName() {
        return linuxName;
    }

    /** One for a connection. */
    public CongestionControl make() {
        return switch (this) {
            case CUBIC -> new Cubic();
            case RENO -> new NewReno();
        };
    }
}
