package dev.towpath.stack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AdaptiveSpinTest {
    private static final long SPIN = 20_000;

    private final AdaptiveSpin spin = new AdaptiveSpin(SPIN);

    /** Spins from a frame until nothing has come; false if it did not spin at all. */
    private boolean spinsInVain() {
        boolean began = spin.looksAgain(10);
        assertThat(spin.looksAgain(SPIN)).isFalse();
        return began;
    }

    @Test
    void itLooksAgainOnlySoonAfterTraffic() {
        assertThat(spin.looksAgain(0)).isTrue();
        assertThat(spin.looksAgain(SPIN - 1)).isTrue();
        assertThat(spin.looksAgain(SPIN)).isFalse();
        assertThat(new AdaptiveSpin(0).looksAgain(0)).isFalse();
    }

    @Test
    void itGivesUpAfterManySpinsInVainAndTriesNowAndThen() {
        for (int i = 0; i < 8; i++) {
            assertThat(spinsInVain()).isTrue();
        }
        int tries = 0;
        for (int i = 0; i < 640; i++) {
            tries += spinsInVain() ? 1 : 0;
        }
        assertThat(tries).isEqualTo(10);
    }

    @Test
    void oneThatPaysMakesItSpinAgain() {
        for (int i = 0; i < 8; i++) {
            assertThat(spinsInVain()).isTrue();
        }
        while (!spin.looksAgain(10)) {
            assertThat(spin.looksAgain(SPIN)).isFalse();
        }
        spin.found();
        assertThat(spinsInVain()).isTrue();
        assertThat(spinsInVain()).isTrue();
    }
}
