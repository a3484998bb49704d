package dev.towpath.tcp.states;

import static dev.towpath.testing.script.SegmentSpec.fin;
import static dev.towpath.testing.script.SegmentSpec.rstAck;

import dev.towpath.tcp.State;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * RFC 9293 sections 3.10.4 and 3.10.5: what CLOSE and ABORT do in each state that an application can call them in, and
 * what is sent at once. A reset has SEQ=SND.NXT.
 */
class UserCallTableTest extends PacketScript {
    @ParameterizedTest(name = "{1} in {0}: {2}, {3}")
    @Covers({Requirement.CLOSE_BEFORE_ESTABLISHED, Requirement.NORMAL_CLOSE, Requirement.ABORT_RESETS})
    @CsvSource(delimiter = '|', textBlock = """
            # state     | call  | sends | next
            SYN-SENT    | CLOSE | -     | CLOSED
            ESTABLISHED | CLOSE | FIN   | FIN-WAIT-1
            FIN-WAIT-1  | CLOSE | -     | FIN-WAIT-1
            FIN-WAIT-2  | CLOSE | -     | FIN-WAIT-2
            CLOSE-WAIT  | CLOSE | FIN   | LAST-ACK
            CLOSING     | CLOSE | -     | CLOSING
            LAST-ACK    | CLOSE | -     | LAST-ACK
            TIME-WAIT   | CLOSE | -     | TIME-WAIT
            SYN-SENT    | ABORT | -     | CLOSED
            ESTABLISHED | ABORT | RST   | CLOSED
            FIN-WAIT-1  | ABORT | RST   | CLOSED
            FIN-WAIT-2  | ABORT | RST   | CLOSED
            CLOSE-WAIT  | ABORT | RST   | CLOSED
            CLOSING     | ABORT | -     | CLOSED
            LAST-ACK    | ABORT | -     | CLOSED
            # A written deviation, as in Linux.
            TIME-WAIT   | ABORT | -     | TIME-WAIT
            """)
    void applicationCalls(String state, String call, String sends, String next) {
        State from = state(state);
        in(from);
        int sndNxt = from == State.FIN_WAIT_1 || from == State.FIN_WAIT_2 ? 2 : 1;
        int rcvNxt = from == State.CLOSE_WAIT ? 2 : 1;
        if (call.equals("CLOSE")) {
            app.closes();
        } else {
            app.aborts();
        }
        switch (sends) {
            case "FIN" -> stack.sends(fin(1).acks(rcvNxt));
            case "RST" -> stack.sends(rstAck(sndNxt, rcvNxt));
            default -> stack.isQuiet();
        }
        app.isIn(state(next));
    }

    private static State state(String name) {
        return State.valueOf(name.replace('-', '_'));
    }
}
