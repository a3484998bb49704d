package dev.towpath.net;

import dev.towpath.stack.NetworkStack;
import java.net.DatagramSocket;
import java.net.DatagramSocketImpl;
import java.net.DatagramSocketImplFactory;

/**
 * Puts the datagram sockets of a whole program on a stack, by way of
 * {@link DatagramSocket#setDatagramSocketImplFactory}; {@link TowpathSocketImplFactory#install} does it for streams too.
 */
@SuppressWarnings("deprecation") // the JDK would have programs choose channels instead; this is for those that did not
public final class TowpathDatagramSocketImplFactory implements DatagramSocketImplFactory {
    private final StackSource stack;

    /** For sockets of {@code stack}. */
    public TowpathDatagramSocketImplFactory(NetworkStack stack) {
        this(() -> stack);
    }

    TowpathDatagramSocketImplFactory(StackSource stack) {
        this.stack = stack;
    }

    @Override
    public DatagramSocketImpl createDatagramSocketImpl() {
        return new DatagramImpl(stack);
    }
}
