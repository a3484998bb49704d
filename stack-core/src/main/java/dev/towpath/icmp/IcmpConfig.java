package dev.towpath.icmp;

/**
 * Rates of ICMP errors (RFC 1812 section 4.3.2.8).
 *
 * @param errorsPerSecond errors to all destinations together
 * @param errorBurst errors that may follow each other at once
 * @param errorsPerSecondEach errors to one destination
 * @param errorBurstEach errors to one destination that may follow each other at once
 */
public record IcmpConfig(int errorsPerSecond, int errorBurst, int errorsPerSecondEach, int errorBurstEach) {
    /** What a stack has unless it is told otherwise. */
    public static final IcmpConfig DEFAULT = new IcmpConfig(1000, 50, 10, 10);
}
