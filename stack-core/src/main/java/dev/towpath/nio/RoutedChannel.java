package dev.towpath.nio;

import java.io.IOException;
import java.nio.channels.spi.AbstractSelectableChannel;

/** A channel that stands for another, which it may exchange once: what a {@link RoutedSelector} needs of it. */
interface RoutedChannel {
    /** The channel that it stands for now is the one that {@code key} selects by; told of the next one, too. */
    void join(RoutedKey key) throws IOException;

    /** The key has ended. */
    void leave(RoutedKey key);

    /** The channel that does the work. */
    AbstractSelectableChannel actual();
}
