package dev.towpath.tcp.states;

import dev.towpath.tcp.State;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9293 section 3.10.7.4: both FINs are sent, ours is not acknowledged. */
class ClosingTableTest extends StateTable {
    ClosingTableTest() {
        super(State.CLOSING, 2, 1, 2);
    }

    @ParameterizedTest(name = "{0} {1}, {2}: {3}, {4}")
    @Covers(Requirement.STATE_CLOSING)
    @CsvSource(delimiter = '|', textBlock = """
            # segment     | SEG.SEQ | SEG.ACK | reply   | next
            # First, the sequence number: what is not acceptable is answered by an ACK, a reset by nothing.
            ACK           | left    | SND.NXT | ACK     | same
            ACK           | before  | SND.NXT | ACK     | same
            ACK           | right   | SND.NXT | ACK     | same
            none          | left    | -       | ACK     | same
            none          | right   | -       | ACK     | same
            ACK+data      | left    | SND.NXT | ACK     | same
            ACK+data      | right   | SND.NXT | ACK     | same
            FIN+ACK       | left    | SND.NXT | ACK     | same
            FIN+ACK       | right   | SND.NXT | ACK     | same
            RST           | left    | -       | -       | same
            RST           | before  | -       | -       | same
            RST           | right   | -       | -       | same
            # Second, a reset: RFC 5961 section 3.2 wants RCV.NXT exactly, and a challenge elsewhere in the window.
            RST           | at      | -       | -       | CLOSED
            RST+ACK       | at      | SND.NXT | -       | CLOSED
            RST+ACK       | at      | new     | -       | CLOSED
            RST           | inside  | -       | ACK     | same
            RST           | last    | -       | ACK     | same
            # Fourth, a SYN: RFC 5961 section 4.2 challenges it, wherever it lies.
            SYN           | left    | -       | ACK     | same
            SYN           | at      | -       | ACK     | same
            SYN           | inside  | -       | ACK     | same
            SYN           | right   | -       | ACK     | same
            SYN+ACK       | left    | SND.NXT | ACK     | same
            SYN+ACK       | at      | SND.NXT | ACK     | same
            SYN+ACK       | right   | SND.NXT | ACK     | same
            # Fifth, the ACK: none, or one outside of RFC 5961 section 5.2's range.
            none          | at      | -       | -       | same
            data          | at      | -       | -       | same
            FIN           | at      | -       | -       | same
            ACK           | at      | older   | ACK     | same
            ACK+data      | at      | older   | ACK     | same
            ACK           | at      | old     | -       | same
            ACK           | at      | una     | -       | same
            ACK           | at      | new     | ACK     | same
            ACK+data      | at      | new     | ACK     | same
            FIN+ACK       | at      | new     | ACK     | same
            ACK           | at      | SND.NXT | -       | TIME-WAIT
            ACK           | inside  | SND.NXT | -       | TIME-WAIT
            ACK           | last    | SND.NXT | -       | TIME-WAIT
            # Seventh, the text: "this should not occur": the peer has sent its FIN. It is ignored.
            ACK+data      | at      | una     | -       | same
            ACK+data      | inside  | una     | -       | same
            # Eighth: the FIN has come already; another one is acknowledged no further.
            FIN+ACK       | before  | una     | ACK     | same
            FIN+ACK       | at      | una     | ACK     | same
            FIN+ACK       | at      | SND.NXT | -       | TIME-WAIT
            """)
    void segmentArrives(String segment, String seq, String ack, String reply, String next) {
        check(segment, seq, ack, reply, next);
    }
}
