package dev.towpath.tcp.states;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;

import dev.towpath.tcp.State;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9293 section 3.10.7.4's table of acceptability, where RCV.WND is 0. */
class ZeroWindowTableTest extends StateTable {
    private static final int BUFFER = 4096;

    ZeroWindowTableTest() {
        super(State.ESTABLISHED, 1 + BUFFER, 1, 1);
    }

    @Override
    void reach() {
        app.options(settings -> settings.receiveBuffer = BUFFER);
        established();
        peer.sends(data(1, 1 + BUFFER));
        stack.replies(ack(1 + BUFFER).win(0));
    }

    @ParameterizedTest(name = "{0} {1}, {2}: {3}, {4}")
    @Covers({Requirement.ACCEPTABILITY, Requirement.ZERO_WINDOW_TAKES_ACK_AND_RST})
    @CsvSource(delimiter = '|', textBlock = """
            # segment     | SEG.SEQ | SEG.ACK | reply   | next
            ACK           | at      | SND.NXT | -       | same
            ACK           | before  | SND.NXT | ACK     | same
            ACK           | inside  | SND.NXT | ACK     | same
            ACK+data      | at      | SND.NXT | ACK     | same
            ACK+data      | across  | SND.NXT | ACK     | same
            ACK+data      | inside  | SND.NXT | ACK     | same
            FIN+ACK       | at      | SND.NXT | ACK     | same
            RST           | at      | -       | -       | CLOSED
            RST           | before  | -       | -       | same
            RST           | inside  | -       | -       | same
            SYN           | at      | -       | ACK     | same
            """)
    void segmentArrives(String segment, String seq, String ack, String reply, String next) {
        check(segment, seq, ack, reply, next);
    }
}
