package dev.towpath.net;

import dev.towpath.setup.DefaultStack;
import dev.towpath.setup.SetupException;
import dev.towpath.stack.NetworkStack;
import java.net.SocketException;

/** Which stack sockets are on: looked up when the first of them is needed. */
@FunctionalInterface
interface StackSource {
    /** The stack that the JVM shares; a setting that it can't work with is told by the socket that needs it. */
    StackSource DEFAULT = () -> {
        try {
            return DefaultStack.get();
        } catch (SetupException e) {
            SocketException thrown = new SocketException(e.getMessage());
            thrown.initCause(e);
            throw thrown;
        }
    };

    /** Only a part of the world belongs to the stack that the JVM shares; not so if its properties are wrong. */
    static boolean isDivided() {
        try {
            return !DefaultStack.properties().destinations().isEmpty();
        } catch (SetupException e) {
            return false; // which the socket will tell when it is created
        }
    }

    NetworkStack get() throws SocketException;
}
