package dev.towpath.tcp.states;

import dev.towpath.tcp.State;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9293 section 3.10.7.3. */
class SynSentTableTest extends StateTable {
    SynSentTableTest() {
        super(State.SYN_SENT, 0, 0, 1);
    }

    @ParameterizedTest(name = "{0} {1}, {2}: {3}, {4}")
    @Covers(Requirement.STATE_SYN_SENT)
    @CsvSource(delimiter = '|', textBlock = """
            # segment     | SEG.SEQ | SEG.ACK | reply   | next
            # First: an ACK that is not acceptable, SEG.ACK =< ISS or SEG.ACK > SND.NXT.
            ACK           | at      | una     | RST     | same
            ACK           | at      | new     | RST     | same
            SYN+ACK       | at      | una     | RST     | same
            SYN+ACK       | at      | new     | RST     | same
            ACK+data      | at      | new     | RST     | same
            FIN+ACK       | at      | new     | RST     | same
            RST+ACK       | at      | una     | -       | same
            RST+ACK       | at      | new     | -       | same
            # Second: a reset needs an acceptable ACK.
            RST           | at      | -       | -       | same
            RST           | right   | -       | -       | same
            RST+ACK       | at      | SND.NXT | -       | CLOSED
            SYN+RST+ACK   | at      | SND.NXT | -       | CLOSED
            # Fourth: a SYN.
            SYN+ACK       | at      | SND.NXT | ACK +1  | ESTABLISHED
            SYN+ACK       | inside  | SND.NXT | ACK +11 | ESTABLISHED
            SYN+ACK+data  | at      | SND.NXT | ACK +11 | ESTABLISHED
            SYN+ACK+FIN   | at      | SND.NXT | ACK +2  | CLOSE-WAIT
            SYN           | at      | -       | SYN+ACK | SYN-RECEIVED
            SYN+FIN       | at      | -       | SYN+ACK | SYN-RECEIVED
            # Fifth: neither SYN nor RST.
            ACK           | at      | SND.NXT | -       | same
            ACK+data      | at      | SND.NXT | -       | same
            FIN+ACK       | at      | SND.NXT | -       | same
            data          | at      | -       | -       | same
            FIN           | at      | -       | -       | same
            none          | at      | -       | -       | same
            """)
    void segmentArrives(String segment, String seq, String ack, String reply, String next) {
        check(segment, seq, ack, reply, next);
    }
}
