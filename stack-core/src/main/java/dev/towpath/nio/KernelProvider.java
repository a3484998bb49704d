package dev.towpath.nio;

import dev.towpath.setup.SetupException;
import java.nio.channels.spi.SelectorProvider;

/** The JDK's own provider, also where Towpath's has taken its place. */
final class KernelProvider {
    private KernelProvider() {}

    /**
     * The provider of the kernel's channels.
     *
     * @throws SetupException if it is out of reach
     */
    static SelectorProvider get() {
        SelectorProvider installed = SelectorProvider.provider();
        if (!(installed instanceof TowpathSelectorProvider)) {
            return installed;
        }
        try {
            return (SelectorProvider) Class.forName("sun.nio.ch.DefaultSelectorProvider")
                    .getMethod("get")
                    .invoke(null);
        } catch (ReflectiveOperationException e) {
            Module ours = KernelProvider.class.getModule();
            throw new SetupException(
                    "the kernel's channels are out of reach: destinations besides Towpath's need the JVM's option"
                            + " --add-exports java.base/sun.nio.ch="
                            + (ours.isNamed() ? ours.getName() : "ALL-UNNAMED")
                            + ", or the agent, which does without",
                    e);
        }
    }
}
