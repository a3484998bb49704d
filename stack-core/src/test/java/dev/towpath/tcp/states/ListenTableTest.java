package dev.towpath.tcp.states;

import dev.towpath.tcp.State;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9293 section 3.10.7.2. */
class ListenTableTest extends StateTable {
    ListenTableTest() {
        super(State.LISTEN, 9, 0, 5);
    }

    @ParameterizedTest(name = "{0} {1}, {2}: {3}, {4}")
    @Covers(Requirement.STATE_LISTEN)
    @CsvSource(delimiter = '|', textBlock = """
            # segment     | SEG.SEQ | SEG.ACK | reply   | next
            # First: a reset is ignored.
            RST           | at      | -       | -       | same
            RST+ACK       | at      | SND.NXT | -       | same
            SYN+RST       | at      | -       | -       | same
            # Second: there is nothing to acknowledge.
            ACK           | at      | SND.NXT | RST     | same
            ACK+data      | at      | SND.NXT | RST     | same
            FIN+ACK       | at      | SND.NXT | RST     | same
            SYN+ACK       | at      | SND.NXT | RST     | same
            # Third.
            SYN           | at      | -       | SYN+ACK | SYN-RECEIVED
            # As Linux: nobody opens with a FIN.
            SYN+FIN       | at      | -       | -       | same
            # Fourth: anything else.
            none          | at      | -       | -       | same
            data          | at      | -       | -       | same
            FIN           | at      | -       | -       | same
            """)
    void segmentArrives(String segment, String seq, String ack, String reply, String next) {
        check(segment, seq, ack, reply, next);
    }
}
