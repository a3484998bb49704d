package dev.towpath.tcp.states;

import dev.towpath.tcp.State;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9293 section 3.10.7.4: reached from LISTEN. */
class SynReceivedTableTest extends StateTable {
    SynReceivedTableTest() {
        super(State.SYN_RECEIVED, 1, 0, 1);
    }

    @ParameterizedTest(name = "{0} {1}, {2}: {3}, {4}")
    @Covers(Requirement.STATE_SYN_RECEIVED)
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
            RST           | at      | -       | -       | LISTEN
            RST+ACK       | at      | SND.NXT | -       | LISTEN
            RST+ACK       | at      | new     | -       | LISTEN
            RST           | inside  | -       | ACK     | same
            RST           | last    | -       | ACK     | same
            # Fourth, a SYN: at IRS it is the peer's first one again; elsewhere in the window returns to LISTEN.
            SYN           | before  | -       | SYN+ACK | same
            SYN           | left    | -       | ACK     | same
            SYN           | at      | -       | -       | LISTEN
            SYN           | inside  | -       | -       | LISTEN
            SYN           | right   | -       | ACK     | same
            # Fifth, the ACK: SND.UNA < SEG.ACK =< SND.NXT, or a reset.
            none          | at      | -       | -       | same
            data          | at      | -       | -       | same
            FIN           | at      | -       | -       | same
            ACK           | at      | una     | RST     | same
            ACK           | at      | new     | RST     | same
            ACK           | at      | older   | RST     | same
            ACK           | at      | SND.NXT | -       | ESTABLISHED
            ACK           | inside  | SND.NXT | -       | ESTABLISHED
            ACK           | last    | SND.NXT | -       | ESTABLISHED
            # Seventh and eighth, in ESTABLISHED.
            ACK+data      | at      | SND.NXT | ACK +10 | ESTABLISHED
            ACK+data      | inside  | SND.NXT | ACK     | ESTABLISHED
            FIN+ACK       | at      | SND.NXT | ACK +1  | CLOSE-WAIT
            FIN+ACK+data  | at      | SND.NXT | ACK +11 | CLOSE-WAIT
            FIN+ACK       | inside  | SND.NXT | ACK     | ESTABLISHED
            """)
    void segmentArrives(String segment, String seq, String ack, String reply, String next) {
        check(segment, seq, ack, reply, next);
    }
}
