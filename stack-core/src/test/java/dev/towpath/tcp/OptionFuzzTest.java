package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import dev.towpath.testing.script.SegmentSpec;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Options of every kind and length, with whatever in them, on every segment of a conversation. They may slow it down,
 * for a SACK block or a timestamp that was made up is believed where it can be true; but the data is right both ways,
 * and nothing is left in the end. See {@link Seeds} for how to replay one.
 */
class OptionFuzzTest extends PacketScript {
    private static final int PIECES = 40;

    static List<Long> seeds() {
        return Seeds.some(200);
    }

    @ParameterizedTest(name = "seed {0}")
    @Covers(Requirement.OPTION_FUZZ)
    @MethodSource("seeds")
    void theConversationGoesOnAndIsRight(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        app.listens();
        peer.sends(syn(0).optionBytes(options(random)));
        stack.sendsSomething();
        peer.sends(ack(1));
        app.accepts();
        app.writes(10 * PIECES);
        stack.sendsSomething();
        for (int i = 0; i < PIECES; i++) {
            peer.sends(piece(random, i));
            stack.sendsSomething();
            clock.advanceMillis(random.nextInt(30));
            stack.sendsSomething();
        }
        for (int i = 0; i < PIECES; i++) { // once more without options: what PAWS has refused
            peer.sends(data(1 + 10 * i, 11 + 10 * i).acks(1));
            stack.sendsSomething();
        }
        app.reads(10 * PIECES);
        peer.sends(ack(1 + 10 * PIECES).seq(1 + 10 * PIECES));
        stack.sendsSomething();
        assertThat(app.connection().unacknowledged()).isZero();
    }

    private static SegmentSpec piece(SplittableRandom random, int i) {
        return data(1 + 10 * i, 11 + 10 * i).acks(1).optionBytes(options(random));
    }

    /** Up to 40 bytes: kinds that exist and kinds that don't, half of them with the length that they should have. */
    private static String options(SplittableRandom random) {
        StringBuilder hex = new StringBuilder();
        int room = 1 + random.nextInt(40);
        while (room > 0) {
            int kind = random.nextInt(3) == 0 ? random.nextInt(256) : random.nextInt(9);
            int length = random.nextBoolean() ? properLength(kind, random) : random.nextInt(256);
            append(hex, kind);
            room--;
            if (kind > 1 && room > 0) {
                append(hex, length);
                int content = Math.min(--room, Math.max(0, length - 2));
                room -= content;
                for (int i = 0; i < content; i++) {
                    append(hex, random.nextInt(256));
                }
            }
        }
        return hex.toString();
    }

    private static int properLength(int kind, SplittableRandom random) {
        return switch (kind) {
            case 2 -> 4;
            case 3 -> 3;
            case 4 -> 2;
            case 5 -> 2 + 8 * random.nextInt(1, 5);
            case 8 -> 10;
            default -> 2 + random.nextInt(8);
        };
    }

    private static void append(StringBuilder hex, int value) {
        hex.append(Integer.toHexString(value)).append(' ');
    }
}
