package dev.towpath.parity;

import dev.towpath.link.MemoryWire;
import dev.towpath.nio.TowpathSelectorProvider;
import dev.towpath.stack.NetworkStack;
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
            return new Network(provider, provider, Sockets.KERNEL, loopback, loopback, () -> {});
        }
    },

    /** One stack that has nothing but its loopback. */
    LOOPBACK {
        @Override
        Network open() {
            NetworkStack stack = NetworkStack.builder().start();
            SelectorProvider provider = new TowpathSelectorProvider(stack);
            InetAddress loopback = Network.address("127.0.0.1");
            return new Network(provider, provider, Sockets.of(stack), loopback, loopback, stack::close);
        }
    },

    /** Two stacks, and a wire in memory between them. */
    WIRE {
        @Override
        Network open() {
            MemoryWire wire = new MemoryWire();
            NetworkStack near = NetworkStack.builder()
                    .name("near")
                    .device(wire.left(), "192.0.2.1/24")
                    .start();
            NetworkStack far = NetworkStack.builder()
                    .name("far")
                    .device(wire.right(), "192.0.2.2/24")
                    .start();
            return new Network(
                    new TowpathSelectorProvider(near),
                    new TowpathSelectorProvider(far),
                    Sockets.of(near),
                    Network.address("192.0.2.1"),
                    Network.address("192.0.2.2"),
                    () -> {
                        near.close();
                        far.close();
                    });
        }
    };

    /** A new network for one test. */
    abstract Network open();

    boolean isOurs() {
        return this != JDK;
    }
}
