package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.mib.DropReason;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.Emitted;
import dev.towpath.testing.script.PacketScript;
import dev.towpath.testing.script.WireSegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * TCP options (RFC 9293 section 3.2) as they should not be. The rule: an option that can't be read ends the list, one
 * that is unknown or of a wrong length is skipped, the last of several counts; all as in Linux.
 */
class OptionsTest extends PacketScript {
    /** What a connection makes of the options of the peer's SYN. */
    @ParameterizedTest(name = "{0} -> mss {1}, {2}")
    @Covers({Requirement.UNKNOWN_OPTION_IGNORED, Requirement.ILLEGAL_OPTION_LENGTH, Requirement.OPTIONS_IN_ANY_SEGMENT})
    @CsvSource(delimiter = '|', textBlock = """
            # bytes of the SYN's options                      | MSS  | what else is answered
            02 04 03 e8                                       | 1000 | -
            02 04 03 e8 01 03 03 07                           | 1000 | ws
            02 04 03 e8 04 02                                 | 1000 | sack
            02 04 03 e8 08 0a 00 00 00 01 00 00 00 00         | 1000 | ts
            02 04 03 e8 04 02 08 0a 0 0 0 1 0 0 0 0 01 03 03 7 | 1000 | ws sack ts
            # The order and the padding are free.
            01 03 03 07 01 01 01 02 04 03 e8 01 04 02         | 1000 | ws sack
            08 0a 00 00 00 01 00 00 00 00 01 01 02 04 03 e8   | 1000 | ts
            01 08 0a 00 00 00 01 00 00 00 00 02 04 03 e8      | 1000 | ts
            # Behind the end of the list there is nothing.
            00 02 04 03 e8                                    | 536  | -
            02 04 03 e8 00 03 03 07                           | 1000 | -
            01 01 01 00                                       | 536  | -
            # A length of 0 or 1 would never advance: the list ends.
            02 00 03 e8 04 02                                 | 536  | -
            02 01 03 e8 04 02                                 | 536  | -
            fd 01 02 04 03 e8                                 | 536  | -
            02 04 03 e8 fd 00 04 02                           | 1000 | -
            02 04 03 e8 03 01 07 04 02                        | 1000 | -
            # A length beyond the header: the same.
            02 04 03 e8 03 05 07 04                           | 1000 | -
            02 08 03 e8                                       | 536  | -
            02 ff 03 e8                                       | 536  | -
            fe ff 00 00 02 04 03 e8                           | 536  | -
            01 01 01 02                                       | 536  | -
            01 02 04 03                                       | 536  | -
            # A length that is wrong for its kind: skipped.
            02 03 03 04 02 00                                 | 536  | sack
            02 06 03 e8 00 00 04 02                           | 536  | sack
            03 04 07 07 02 04 03 e8                           | 1000 | -
            03 02 02 04 03 e8                                 | 1000 | -
            04 03 00 02 04 03 e8                              | 1000 | -
            08 09 00 00 00 01 00 00 00 02 04 03 e8            | 1000 | -
            08 0b 00 00 00 01 00 00 00 00 00 02 04 03 e8      | 1000 | -
            # Kinds that nobody knows here: experiments, MD5, TCP-AO, MPTCP, TFO, obsolete ones.
            fd 04 f9 89 02 04 03 e8                           | 1000 | -
            fe 06 01 02 03 04 02 04 03 e8                     | 1000 | -
            13 12 0 1 2 3 4 5 6 7 8 9 a b c d e f 02 04 03 e8 | 1000 | -
            1d 04 01 01 02 04 03 e8                           | 1000 | -
            1e 0c 00 01 0 1 2 3 4 5 6 7 02 04 03 e8           | 1000 | -
            22 02 02 04 03 e8                                 | 1000 | -
            06 06 00 00 00 01 02 04 03 e8                     | 1000 | -
            # The last of several counts.
            02 04 01 f4 02 04 03 e8                           | 1000 | -
            03 03 01 03 03 02 02 04 03 e8                     | 1000 | ws
            # SACK blocks on a SYN mean nothing.
            05 0a 00 00 00 01 00 00 00 02 02 04 03 e8         | 1000 | -
            05 02 02 04 03 e8                                 | 1000 | -
            """)
    void aSynIsAnsweredAccordingToItsOptions(String bytes, int mss, String what) {
        app.listens();
        peer.sends(syn(0).optionBytes(bytes));
        assertThat(answered()).isEqualTo(what);
        peer.sends(ack(1));
        app.accepts();
        app.writes(3000);
        int room = mss - (what.contains("ts") ? 12 : 0);
        assertThat(stack.sendsSomething().get(0).segment().payload()).hasSize(room);
        peer.sends(data(1, 11)); // without a timestamp: accepted
        stack.sendsSomething();
        app.reads(10);
    }

    private String answered() {
        WireSegment.Options options = stack.sendsSomething().get(0).segment().options();
        String all = (options.windowScale() == null ? "" : "ws ")
                + (options.sackPermitted() ? "sack " : "")
                + (options.timestamps() == null ? "" : "ts ");
        return all.isEmpty() ? "-" : all.strip();
    }

    @ParameterizedTest
    @Covers({Requirement.UNKNOWN_OPTION_IGNORED, Requirement.ILLEGAL_OPTION_LENGTH, Requirement.OPTIONS_IN_ANY_SEGMENT})
    @ValueSource(
            strings = {
                "00",
                "01 01 01 01",
                "02 00",
                "02 01",
                "08 0a 00 00",
                "08 ff 00 00 00 00 00 00 00 00 00 00",
                "05 0b 00 00 00 00 00 00 00 00 00",
                "05 02",
                "fd 00",
                "ff ff ff ff",
                "fe 28 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0"
            })
    void dataIsTakenWhateverItsOptions(String bytes) {
        established();
        peer.sends(data(1, 101).optionBytes(bytes));
        stack.replies(ack(101));
        app.reads(100);
    }

    @Test
    @Covers({Requirement.OPTIONS_IN_ANY_SEGMENT, Requirement.RESERVED_BITS_IGNORED})
    void theHeaderMayHaveFortyBytesOfOptionsAndReservedBits() {
        established();
        peer.sends(data(1, 101).optionBytes("01 ".repeat(40)));
        stack.replies(ack(101));
        peer.sends(data(101, 201).reserved(0xf));
        stack.replies(ack(201));
        app.reads(200);
    }

    @ParameterizedTest
    @Covers(Requirement.BAD_DATA_OFFSET)
    @ValueSource(ints = {0, 1, 4, 14, 15})
    void aHeaderThatCanNotBeIsDropped(int words) { // shorter than itself, or longer than the segment
        established();
        peer.sends(data(1, 31).dataOffset(words));
        stack.isQuiet();
        assertThat(rig.dropped(DropReason.TCP_BAD_OFFSET)).isOne();
        peer.sends(data(1, 31));
        stack.replies(ack(31));
        app.reads(30);
    }

    @Test
    @Covers(Requirement.MSS_ONLY_ON_SYN)
    void whatASynNegotiatesIsNotNegotiatedLater() { // RFC 9293 section 3.7.1; RFC 7323 section 2.2; RFC 2018 section 2
        established();
        peer.sends(data(1, 101).optionBytes("02 04 00 64 04 02 01 03 03 0e"));
        stack.replies(ack(101).noWs().noMss());
        app.reads(100);
        peer.sends(data(201, 301).win(3000)); // not scaled by 2^14
        List<Emitted> reply = stack.sendsSomething();
        assertThat(reply.get(0).segment().options().sack()).isEmpty();
        app.writes(4000);
        stack.sends(data(1, 1001), data(1001, 2001), data(2001, 3001));
    }

    @Test
    @Covers(Requirement.MSS_ONLY_ON_SYN)
    void timestampsThatWereNotNegotiatedAreIgnored() { // RFC 7323 section 3.2
        established();
        peer.sends(data(1, 101).timestamps(500, 0));
        stack.replies(ack(101));
        peer.sends(data(101, 201).timestamps(-400, 0)); // older: it would not pass PAWS
        stack.replies(ack(201));
        app.reads(200);
    }

    @ParameterizedTest(name = "{0}..{1}")
    @Covers(Requirement.SACK_BLOCKS_CHECKED)
    @CsvSource({
        "3001, 2001", // inverted
        "2001, 2001", // empty
        "5001, 9001", // of what was never sent
        "4001, 5002", // in part
        "-999999, 5001", // from before SND.UNA
        "1, 2001", // from SND.UNA, which is what the segment says is missing
        "1000001, 1001001",
        "-2000000000, 2000000000"
    })
    void aSackBlockThatCanNotBeMarksNothing(int from, int to) {
        established(syn(0).mss(1000).sackPermitted());
        app.writes(5000);
        stack.sends(data(1, 1001), data(1001, 2001), data(2001, 3001), data(3001, 4001), data(4001, 5001));
        peer.sends(ack(1).sack(from, to), ack(1).sack(from, to), ack(1).sack(from, to));
        stack.isQuiet();
        peer.sends(ack(1).sack(1001, 4001)); // the first and the last are missing
        stack.sends(data(1, 1001));
        peer.sends(ack(4001));
        stack.isQuietFor(millis(1));
        peer.sends(ack(5001));
    }

    @Test
    @Covers(Requirement.SACK_BLOCKS_CHECKED)
    void blocksWithoutPermissionAreNotEvenLookedAt() { // RFC 2018 section 2
        established(syn(0).mss(1000));
        app.writes(5000);
        stack.sends(data(1, 1001), data(1001, 2001), data(2001, 3001), data(3001, 4001), data(4001, 5001));
        peer.sends(ack(1).sack(1001, 5001));
        stack.isQuiet();
        peer.sends(ack(1001).sack(2001, 5001));
        stack.isQuiet();
        peer.sends(ack(5001));
        stack.isQuiet();
    }
}
