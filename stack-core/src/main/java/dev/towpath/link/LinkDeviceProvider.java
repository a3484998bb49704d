package dev.towpath.link;

import java.io.IOException;

/**
 * Opens link devices by name, such as {@code tap:tap0}. Implementations are found by {@link java.util.ServiceLoader},
 * so that whoever describes a stack in text needs to know none of them.
 */
public interface LinkDeviceProvider {
    /** What stands before the colon, such as {@code tap}. */
    String scheme();

    /**
     * Opens the device.
     *
     * @param name what stands behind the colon
     * @throws IllegalArgumentException if it can't be as asked for
     * @throws IOException if it can't be opened; the message says what to do
     */
    LinkDevice open(String name, LinkSettings settings) throws IOException;
}
