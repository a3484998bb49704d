package dev.towpath.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.stack.InterfaceInfo;
import org.junit.jupiter.api.Test;

/** The stack that a JVM shares. */
class DefaultStackTest {
    @Test
    void withoutPropertiesItIsLoopbackAlone() {
        assertThat(DefaultStack.get().interfaces()).map(InterfaceInfo::name).containsExactly("lo");
        assertThat(DefaultStack.get()).isSameAs(DefaultStack.get());
    }
}
