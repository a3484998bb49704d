package dev.towpath.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AllocationsTest {
    private final Object[] kept = new Object[1];

    @Test
    void nothingIsNothing() {
        Allocations.assertNone(() -> kept[0] = kept);
    }

    @Test
    void oneObjectACallIsFound() {
        assertThatThrownBy(() -> Allocations.assertNone(() -> kept[0] = new Object()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("bytes allocated");
    }
}
