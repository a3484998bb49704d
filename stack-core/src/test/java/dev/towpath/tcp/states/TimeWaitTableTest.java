package dev.towpath.tcp.states;

import dev.towpath.tcp.State;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9293 section 3.10.7.4: 2 MSL of patience. */
class TimeWaitTableTest extends StateTable {
    TimeWaitTableTest() {
        super(State.TIME_WAIT, 2, 2, 2);
    }

    @ParameterizedTest(name = "{0} {1}, {2}: {3}, {4}")
    @Covers(Requirement.STATE_TIME_WAIT)
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
            # Second, a reset: RFC 1337 section 3, it does not end the wait.
            RST           | at      | -       | -       | same
            RST+ACK       | at      | SND.NXT | -       | same
            RST           | inside  | -       | ACK     | same
            # Fourth, a SYN: old numbers are challenged, new ones open a new connection (RFC 6191 section 2).
            SYN           | left    | -       | ACK     | same
            SYN           | before  | -       | ACK     | same
            SYN           | at      | -       | SYN+ACK | CLOSED
            SYN           | inside  | -       | SYN+ACK | CLOSED
            SYN           | right   | -       | SYN+ACK | CLOSED
            SYN+ACK       | at      | SND.NXT | ACK     | same
            # Fifth, the ACK: none, or one of what was never sent; there is nothing that an old one could harm.
            none          | at      | -       | -       | same
            data          | at      | -       | -       | same
            FIN           | at      | -       | -       | same
            ACK           | at      | older   | -       | same
            ACK+data      | at      | older   | ACK     | same
            ACK           | at      | old     | -       | same
            ACK           | at      | una     | -       | same
            ACK           | at      | new     | ACK     | same
            ACK+data      | at      | new     | ACK     | same
            FIN+ACK       | at      | new     | ACK     | same
            ACK           | at      | SND.NXT | -       | same
            ACK           | inside  | SND.NXT | -       | same
            ACK           | last    | SND.NXT | -       | same
            # Seventh, the text: "this should not occur": the peer has sent its FIN. It is acknowledged no further.
            ACK+data      | at      | una     | ACK     | same
            ACK+data      | inside  | una     | ACK     | same
            # Eighth: the peer's FIN again is acknowledged again.
            FIN+ACK       | before  | SND.NXT | ACK     | same
            FIN+ACK       | at      | SND.NXT | ACK     | same
            """)
    void segmentArrives(String segment, String seq, String ack, String reply, String next) {
        check(segment, seq, ack, reply, next);
    }
}
