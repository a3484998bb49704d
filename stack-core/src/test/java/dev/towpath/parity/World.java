package dev.towpath.parity;

import java.net.InetAddress;
import java.nio.channels.spi.SelectorProvider;

/** Whose channels a test is about. */
enum World {
    /** The kernel's loopback, through the provider that comes with the JDK. */
    JDK {
        @Override
        Network open() {
            SelectorProvider provider = SelectorProvider.provider();
            InetAddress loopback = Network.address("127.0.0.1");
            return new Network(provider, provider, loopback, loopback, () -> {});
        }
    };

    /** A new network for one test. */
    abstract Network open();

    boolean isOurs() {
        return this != JDK;
    }
}
