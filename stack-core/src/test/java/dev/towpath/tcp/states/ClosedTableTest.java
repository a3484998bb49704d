package dev.towpath.tcp.states;

import dev.towpath.tcp.State;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9293 section 3.10.7.1: there is no connection. */
class ClosedTableTest extends StateTable {
    ClosedTableTest() {
        super(State.CLOSED, 9, 0, 5);
    }

    @ParameterizedTest(name = "{0} {1}, {2}: {3}, {4}")
    @Covers(Requirement.STATE_CLOSED)
    @CsvSource(delimiter = '|', textBlock = """
            # segment     | SEG.SEQ | SEG.ACK | reply   | next
            SYN           | at      | -       | RST+ACK | same
            SYN+data      | at      | -       | RST+ACK | same
            FIN           | at      | -       | RST+ACK | same
            data          | at      | -       | RST+ACK | same
            data+FIN      | at      | -       | RST+ACK | same
            none          | at      | -       | RST+ACK | same
            ACK           | at      | SND.NXT | RST     | same
            ACK+data      | at      | SND.NXT | RST     | same
            SYN+ACK       | at      | SND.NXT | RST     | same
            FIN+ACK       | at      | SND.NXT | RST     | same
            # Never a reset for a reset.
            RST           | at      | -       | -       | same
            RST+ACK       | at      | SND.NXT | -       | same
            SYN+RST       | at      | -       | -       | same
            """)
    void segmentArrives(String segment, String seq, String ack, String reply, String next) {
        check(segment, seq, ack, reply, next);
    }
}
