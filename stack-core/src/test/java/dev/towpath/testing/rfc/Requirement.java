package dev.towpath.testing.rfc;

import static dev.towpath.testing.rfc.Source.*;

/**
 * What RFCs want of a stack, one behaviour a constant. Tests say with {@link Covers} which of them they show;
 * {@code docs/rfc-coverage.md} is made of both. Tier 1: no release without it. Tier 2: a modern stack has it. Tier 3:
 * beyond its peers.
 *
 * <p>To add one, put a line among those of its RFC, in the order of sections, with the behaviour in one sentence that
 * can be seen on the wire or by the application:
 *
 * <pre>
 *    PAWS_DROPS_OLD(RFC_7323, "5.3", 1, "An older timestamp marks an old duplicate: dropped and acknowledged"),
 *
 *    &#64;Test
 *    &#64;Covers(Requirement.PAWS_DROPS_OLD)
 *    void anOlderTimestampIsAnOldDuplicate() { ... }
 * </pre>
 *
 * <p>Then write the page anew: {@code mvn -q -pl stack-core test -Dtest=RfcCoverageTest -Dtowpath.rewrite=true}.
 */
public enum Requirement {
    // RFC 9293, sections 3.1 to 3.4
    CHECKSUM_VERIFIED(RFC_9293, "3.1", 1, "A segment with a wrong checksum is as if lost (MUST-3)"),
    RESERVED_BITS_IGNORED(RFC_9293, "3.1", 1, "Reserved bits are ignored on arrival and zero when sent"),
    BAD_DATA_OFFSET(RFC_9293, "3.1", 1, "A data offset below 5 or beyond the segment: dropped and counted"),
    OPTIONS_IN_ANY_SEGMENT(RFC_9293, "3.1", 1, "Options may come in any segment (MUST-5) and end where EOL says"),
    UNKNOWN_OPTION_IGNORED(RFC_9293, "3.1", 1, "Options that nobody knows are skipped by their length (MUST-6)"),
    ILLEGAL_OPTION_LENGTH(
            RFC_9293, "3.1", 1, "No option length does harm: 0, 1, wrong for its kind, too long (MUST-7)"),
    OPTION_FUZZ(RFC_9293, "3.1", 1, "Whatever the option bytes are, the connection goes on and stays right"),
    SEQUENCE_WRAPS(RFC_9293, "3.4", 1, "Sequence numbers wrap around, holes and SACK blocks and all"),
    ISN_CLOCK_DRIVEN(RFC_9293, "3.4.1", 1, "Initial sequence numbers follow a clock (MUST-8)"),

    // RFC 9293, section 3.5: opening
    THREE_WAY_HANDSHAKE(RFC_9293, "3.5", 1, "SYN, SYN+ACK, ACK: passive and active open"),
    SIMULTANEOUS_OPEN(RFC_9293, "3.5", 1, "Two SYNs that cross open one connection (MUST-10)"),
    OLD_DUPLICATE_SYN(RFC_9293, "3.5", 1, "An old duplicate SYN opens nothing: the peer's reset undoes it (figure 9)"),
    DATA_ON_SYN(RFC_9293, "3.4", 1, "Data on a SYN is not lost"),
    DATA_ON_HANDSHAKE_ACK(RFC_9293, "3.10.7.4", 1, "Data and FIN on the handshake's last ACK are taken"),
    QUEUED_BEFORE_ESTABLISHED(
            RFC_9293, "3.10.2", 1, "What is written while connecting is sent once the handshake is over"),
    HALF_OPEN_FOUND(
            RFC_9293, "3.5.1", 1, "An end that has forgotten the connection resets the other (figures 10 and 11)"),
    DUPLICATE_OPEN_REFUSED(RFC_9293, "3.10.1", 1, "A second connection of the same tuple is an error of the caller"),
    OPEN_TO_GROUP_REFUSED(RFC_9293, "3.9.2.3", 1, "No connection to a broadcast or multicast address (MUST-46)"),
    SYN_FROM_GROUP_IGNORED(
            RFC_9293, "3.9.2.3", 1, "Segments from or to broadcast and multicast addresses are dropped (MUST-57)"),
    LISTENS_ON_ONE_ADDRESS(
            RFC_9293,
            "3.9.1.1",
            1,
            "A listener bound to an address answers for no other; replies come from the address asked"),

    // RFC 9293, section 3.6: closing
    NORMAL_CLOSE(RFC_9293, "3.6", 1, "FIN, ACK, FIN, ACK from either side (figure 12)"),
    SIMULTANEOUS_CLOSE(RFC_9293, "3.6", 1, "Two FINs that cross close it (figure 13)"),
    HALF_CLOSE(RFC_9293, "3.6", 1, "After a FIN in one direction the other goes on"),
    CLOSE_WITH_UNREAD_DATA_RESETS(
            RFC_9293, "3.6.1", 1, "Closing with unread data, or data after close, resets (SHLD-3)"),
    TIME_WAIT_TWO_MSL(
            RFC_9293, "3.6.1", 1, "TIME-WAIT lasts 2 MSL (MUST-13); a FIN again is acknowledged and restarts it"),
    TIME_WAIT_REOPENED(
            RFC_9293, "3.6.1", 1, "A new SYN beyond the old numbers may reopen (MAY-2); an old one does not"),
    CLOSE_SENDS_WHAT_IS_QUEUED(RFC_9293, "3.10.4", 1, "The FIN goes behind all that was written"),
    CLOSE_BEFORE_ESTABLISHED(RFC_9293, "3.10.4", 1, "CLOSE in LISTEN, SYN-SENT and SYN-RECEIVED"),
    ABORT_RESETS(
            RFC_9293, "3.10.5", 1, "ABORT sends a reset with SEQ=SND.NXT where the RFC wants one, and none elsewhere"),

    // RFC 9293, sections 3.7 and 3.8
    MSS_NOT_EXCEEDED(RFC_9293, "3.7.1", 1, "Segments exceed neither the peer's MSS nor our MTU (MUST-16)"),
    MSS_DEFAULT(RFC_9293, "3.7.1", 1, "Without the option the MSS is 536 (MUST-15, RFC 879)"),
    MSS_LOWER_BOUND(RFC_9293, "3.7.1", 1, "An absurdly small MSS is bounded below, zero included"),
    MSS_ONLY_ON_SYN(RFC_9293, "3.7.1", 1, "MSS, window scale and SACK-permitted mean nothing on a segment without SYN"),
    FIN_RETRANSMITTED(RFC_9293, "3.8.1", 1, "SYN and FIN are sent again as data is"),
    URGENT_SHORT_OF_DATA(
            RFC_9293, "3.8.5", 1, "Urgent data of any length; a pointer beyond the data does no harm (MUST-31)"),
    WINDOW_NEVER_SHRINKS(RFC_9293, "3.8.6", 1, "The right edge that was offered is never taken back (SHLD-14)"),
    WINDOW_SHRINK_SURVIVED(RFC_9293, "3.8.6", 1, "A peer that shrinks its window is survived (MUST-34)"),
    PEERS_WINDOW_OBEYED(RFC_9293, "3.8.6", 1, "Never more in flight than the peer's window"),
    ZERO_WINDOW_PROBED(
            RFC_9293,
            "3.8.6.1",
            1,
            "A closed window is probed, first after an RTO, then backing off (MUST-36, SHLD-29, SHLD-30)"),
    ZERO_WINDOW_FOR_EVER(RFC_9293, "3.8.6.1", 1, "Probing goes on for ever while the peer answers (MUST-37)"),
    ZERO_WINDOW_PROBE_TAKEN(
            RFC_9293, "3.8.6.1", 1, "A probe that the peer took is not sent again; one that it refused is"),
    SWS_SENDER(
            RFC_9293,
            "3.8.6.2.1",
            1,
            "The sender waits for a segment's worth of window, half the largest, or 0.1 to 1 s (MUST-38)"),
    SWS_RECEIVER(
            RFC_9293,
            "3.8.6.2.2",
            1,
            "The receiver opens its window by min(half the buffer, MSS) or not at all (MUST-39)"),
    DELAYED_ACK(RFC_9293, "3.8.6.3", 1, "An ACK is delayed by less than 0.5 s (MUST-40), 40 ms here"),
    ACK_EVERY_SECOND(RFC_9293, "3.8.6.3", 1, "Every second full segment is acknowledged (SHLD-19)"),
    ACK_ONCE_A_BATCH(
            RFC_9293, "3.10.7.4", 1, "Segments that arrive together are acknowledged together (MUST-58, MUST-59)"),
    PUSH_ON_THE_LAST(RFC_9293, "3.9.1.2", 1, "The last segment of what was written has PSH (MUST-61)"),
    TTL_AND_TOS(RFC_9293, "3.9.2", 1, "The application can set TTL and DSCP of its segments (MUST-48, MUST-49)"),

    // RFC 9293, section 3.10.7: a table for each state
    STATE_CLOSED(
            RFC_9293,
            "3.10.7.1",
            1,
            "CLOSED: reset with SEQ=SEG.ACK, or SEQ=0 and ACK=SEG.SEQ+SEG.LEN; never for a reset"),
    STATE_LISTEN(RFC_9293, "3.10.7.2", 1, "LISTEN, segment by segment"),
    STATE_SYN_SENT(RFC_9293, "3.10.7.3", 1, "SYN-SENT, segment by segment"),
    STATE_SYN_RECEIVED(
            RFC_9293, "3.10.7.4", 1, "SYN-RECEIVED, by passive and by simultaneous open (MUST-11), segment by segment"),
    STATE_ESTABLISHED(RFC_9293, "3.10.7.4", 1, "ESTABLISHED, segment by segment"),
    STATE_FIN_WAIT_1(RFC_9293, "3.10.7.4", 1, "FIN-WAIT-1, segment by segment"),
    STATE_FIN_WAIT_2(RFC_9293, "3.10.7.4", 1, "FIN-WAIT-2, segment by segment"),
    STATE_CLOSE_WAIT(RFC_9293, "3.10.7.4", 1, "CLOSE-WAIT, segment by segment"),
    STATE_CLOSING(RFC_9293, "3.10.7.4", 1, "CLOSING, segment by segment"),
    STATE_LAST_ACK(RFC_9293, "3.10.7.4", 1, "LAST-ACK, segment by segment"),
    STATE_TIME_WAIT(RFC_9293, "3.10.7.4", 1, "TIME-WAIT, segment by segment"),
    ACCEPTABILITY(RFC_9293, "3.10.7.4", 1, "The four acceptability cases, zero window included"),
    ZERO_WINDOW_TAKES_ACK_AND_RST(
            RFC_9293, "3.10.7.4", 1, "A closed window takes ACKs and resets (MUST-66), but neither data nor FIN"),
    SEGMENT_TRIMMED(RFC_9293, "3.10.7.4", 1, "What was received before and what lies beyond the window is cut off"),
    OUT_OF_ORDER_KEPT(RFC_9293, "3.10.7.4", 1, "Segments out of order are kept and put in order (SHLD-31)"),
    FIN_IN_ORDER(RFC_9293, "3.10.7.4", 1, "A FIN behind a hole waits until the hole is filled"),
    STALE_WINDOW_IGNORED(RFC_9293, "3.10.7.4", 1, "SND.WL1 and SND.WL2: an older segment's window says nothing"),

    // RFC 9293, what RFC 1122 said first
    SYN_GIVE_UP(RFC_1122_TCP, "4.2.3.5", 1, "R2 for a SYN is at least 3 minutes (MUST-23)"),
    DATA_GIVE_UP(RFC_1122_TCP, "4.2.3.5", 1, "R2 for data is at least 100 s; progress begins it anew"),
    KEEP_ALIVE_OFF(
            RFC_1122_TCP,
            "4.2.3.6",
            1,
            "Keep-alives are off by default, and come after at least 2 h (MUST-25, MUST-28)"),
    KEEP_ALIVE_IDLE(
            RFC_1122_TCP, "4.2.3.6", 1, "They are sent only when nothing has come for the interval (MUST-26, MUST-27)"),
    KEEP_ALIVE_PATIENT(RFC_1122_TCP, "4.2.3.6", 1, "One unanswered probe does not kill (MUST-29)"),
    ICMP_SOFT_ERRORS(RFC_1122_TCP, "4.2.3.9", 1, "ICMP errors never abort; they explain a later time-out (MUST-56)"),
    NAGLE(RFC_896, "-", 1, "One small segment in flight"),
    NODELAY(RFC_896, "-", 1, "TCP_NODELAY sends each write at once, and what waits when it is set (MUST-17)"),

    // RFC 6298
    RTO_INITIAL(RFC_6298, "2.1", 1, "1 s until there is a sample"),
    RTO_FIRST_SAMPLE(RFC_6298, "2.2", 1, "SRTT = R, RTTVAR = R/2"),
    RTO_SMOOTHING(RFC_6298, "2.3", 1, "alpha 1/8, beta 1/4"),
    RTO_MINIMUM(RFC_6298, "2.4", 1, "A minimum: 200 ms above SRTT as Linux has it, a deviation; configurable"),
    RTO_MAXIMUM(RFC_6298, "2.5", 1, "A maximum: 120 s, configurable"),
    KARN(RFC_6298, "3", 1, "A retransmitted segment gives no sample"),
    TIMER_STOPS(RFC_6298, "5.2", 1, "The timer stops when all is acknowledged"),
    TIMER_RESTARTS(RFC_6298, "5.3", 1, "It restarts when new data is acknowledged"),
    RESEND_EARLIEST(RFC_6298, "5.4", 1, "A time-out resends the earliest segment only"),
    RTO_BACKOFF(RFC_6298, "5.5", 1, "Each time-out doubles the next"),
    RTO_AFTER_SYN(RFC_6298, "5.7", 1, "After a SYN time-out, 3 s for data"),

    // RFC 5681, 6582, 3042, 6928, 7661
    DUPLICATE_ACK(RFC_5681, "2", 1, "What is a duplicate ACK: no data, same window, something in flight"),
    SLOW_START(RFC_5681, "3.1", 1, "cwnd grows by what is acknowledged, at most; bytes count, not ACKs"),
    CONGESTION_AVOIDANCE(RFC_5681, "3.1", 1, "Above ssthresh about one segment in each round trip"),
    SSTHRESH(RFC_5681, "3.1", 1, "ssthresh = max(FlightSize / 2, 2 SMSS)"),
    LOSS_WINDOW(RFC_5681, "3.1", 1, "One segment after a time-out; a second time-out of the same data halves no more"),
    FAST_RETRANSMIT(RFC_5681, "3.2", 1, "The third duplicate ACK resends the hole at once; two do not"),
    IDLE_RESTART(RFC_5681, "4.1", 1, "After an idle RTO the window is the initial one again"),
    GAP_ACKNOWLEDGED_AT_ONCE(RFC_5681, "4.2", 1, "Out of order: an ACK at once, one for each; the fill too"),
    NEWRENO_FULL_ACK(RFC_6582, "3.2", 1, "Recovery ends with the ACK of all that was in flight"),
    NEWRENO_PARTIAL_ACK(RFC_6582, "3.2", 1, "A partial ACK resends the next hole and stays in recovery"),
    NEWRENO_RECOVER(RFC_6582, "3.2", 1, "Duplicate ACKs below recover begin nothing"),
    NEWRENO_IMPATIENT(RFC_6582, "3.2", 1, "Only the first partial ACK restarts the timer"),
    LIMITED_TRANSMIT(
            RFC_3042, "2", 1, "The first two duplicate ACKs let one new segment go each, within the peer's window"),
    INITIAL_WINDOW(RFC_6928, "2", 1, "min(10 MSS, max(2 MSS, 14600))"),
    INITIAL_WINDOW_AFTER_LOST_SYN(RFC_6928, "2", 1, "A retransmitted SYN means one segment (RFC 5681 section 3.1)"),
    UNUSED_WINDOW(RFC_7661, "4.3", 2, "A window that is not used does not grow"),

    // RFC 9438, 9406
    CUBIC_DEFAULT(RFC_9438, "1", 2, "CUBIC is the default; NewReno can be chosen for a socket (TCP_CONGESTION)"),
    CUBIC_GROWTH(RFC_9438, "4.2", 2, "W(t) = C (t - K)^3 + W_max with C = 0.4: concave, then convex"),
    CUBIC_RENO_FRIENDLY(RFC_9438, "4.3", 2, "Where Reno would be faster, at a short round trip, it is as fast"),
    CUBIC_BETA(RFC_9438, "4.6", 2, "A loss leaves 0.7 of the window"),
    CUBIC_FAST_CONVERGENCE(RFC_9438, "4.7", 2, "A loss below the last W_max releases more"),
    CUBIC_TIMEOUT(RFC_9438, "4.8", 2, "A time-out begins with one segment"),
    CUBIC_IDLE(RFC_9438, "4.2", 2, "Idle time does not inflate W(t)"),
    CUBIC_RESPONSE_FUNCTION(RFC_9438, "5", 2, "At random loss a long flow gets what the response function says"),
    CUBIC_FAIRNESS(RFC_9438, "5.6", 2, "Two flows share a bottleneck evenly, whichever was first"),
    HYSTART_LEAVES_BEFORE_LOSS(
            RFC_9406, "4.2", 2, "A rising round-trip time leads from slow start into CSS, and on, before a loss"),
    HYSTART_RESUMES(RFC_9406, "4.2", 2, "A rise that was false resumes slow start"),
    HYSTART_CSS_GROWTH(RFC_9406, "4.2", 2, "In CSS the window grows by a quarter as much"),

    // RFC 2018, 2883, 6675, 8985, 9937
    SACK_NEGOTIATED(RFC_2018, "2", 1, "SACK-permitted answers SACK-permitted; no blocks without it"),
    SACK_THREE_BLOCKS(RFC_2018, "3", 1, "Four blocks, three with timestamps"),
    SACK_FIRST_BLOCK(RFC_2018, "4", 1, "The first block holds the segment just received; others are repeated"),
    SACK_RENEGING(RFC_2018, "8", 1, "A time-out forgets what was SACKed"),
    SACK_BLOCKS_CHECKED(RFC_2018, "5", 1, "Blocks that are inverted, old or of what was never sent are ignored"),
    DSACK_SENT(RFC_2883, "4", 2, "A duplicate is reported in the first block, once"),
    DSACK_USED(RFC_2883, "5", 2, "A DSACK tells that a retransmission was needless"),
    SACK_PIPE(
            RFC_6675, "4", 1, "pipe is what is thought to be in flight: neither SACKed nor lost, plus what was resent"),
    SACK_IS_LOST(RFC_6675, "4", 1, "IsLost: DupThresh segments, or their bytes, SACKed above"),
    SACK_NEXT_SEG(RFC_6675, "4", 1, "NextSeg: holes first, then new data"),
    SACK_SEVERAL_HOLES(RFC_6675, "5", 1, "Several holes are filled in about one round trip"),
    SACK_RESCUE(RFC_6675, "4", 1, "A rescue retransmission, or its better successor, for a lost end of the flight"),
    SACK_RTO_MANAGEMENT(RFC_6675, "6", 2, "Resending what is oldest restarts the retransmission timer"),
    SACK_SUPER_SEGMENTS(RFC_6675, "5", 2, "Of a super-segment only the lost pieces are sent again"),
    THINNED_ACKS(RFC_3465, "2.1", 2, "One ACK for many segments does what an ACK for each does"),
    ACK_DIVISION(RFC_3465, "2.1", 2, "An ACK for each byte gains the receiver nothing"),
    RACK_LOST_RETRANSMISSION(RFC_8985, "3", 2, "A lost retransmission is found without a time-out"),
    RACK_REORDERING(RFC_8985, "6.2", 2, "Reordering within the window resends nothing"),
    RACK_WINDOW_ADAPTS(RFC_8985, "6.2", 2, "The reordering window grows with DSACKs and comes back"),
    RACK_DUPTHRESH(RFC_8985, "6.2", 2, "Three segments SACKed above still count as a loss until reordering is seen"),
    RACK_TIMER(RFC_8985, "6.2", 2, "A segment that is overdue is resent by the reordering timer"),
    TLP_PROBES_TAIL(RFC_8985, "7.2", 2, "A lost tail is probed after two round trips"),
    TLP_ONE_AN_EPISODE(RFC_8985, "7.3", 2, "One probe an episode; then the retransmission timer"),
    TLP_LOSS_DETECTED(RFC_8985, "7.4", 2, "A loss that the probe repaired lowers cwnd; a needless probe does not"),
    PRR_NO_BURST(RFC_9937, "-", 2, "In recovery there is neither a burst nor a stall"),
    PRR_ENDS_AT_SSTHRESH(RFC_9937, "-", 2, "cwnd is about ssthresh at the end of recovery"),

    // RFC 5682, 3522, 4015
    FRTO_SPURIOUS(RFC_5682, "2.1", 2, "A delay spike: new data first, and no go-back-N"),
    FRTO_GENUINE(RFC_5682, "2.1", 2, "A real loss: duplicate ACKs end F-RTO, and recovery goes on"),
    EIFEL_DETECTION(RFC_3522, "3.2", 2, "An echo older than the retransmission tells that it was needless"),
    EIFEL_RESPONSE(RFC_4015, "3", 2, "After a needless retransmission cwnd and ssthresh are restored"),

    // RFC 7323, 6691
    WSCALE_BOTH_SYNS(RFC_7323, "2.2", 1, "Windows are scaled only if both SYNs have the option"),
    WSCALE_SYN_UNSCALED(RFC_7323, "2.2", 1, "A SYN's window is never scaled"),
    WSCALE_FOURTEEN(RFC_7323, "2.3", 1, "A shift above 14 counts as 14"),
    TS_NEGOTIATED(RFC_7323, "3.2", 1, "Timestamps only if both SYNs have them, then in every segment"),
    TS_MISSING_ACCEPTED(
            RFC_7323, "3.2", 1, "A segment without the option is accepted: a written deviation, with Linux"),
    TS_ECHO(RFC_7323, "4.3", 1, "TS.Recent: only of a segment with SEG.SEQ =< Last.ACK.sent"),
    TS_RTT(RFC_7323, "4.1", 2, "Timestamps give round-trip samples of retransmitted data too"),
    PAWS_DROPS_OLD(RFC_7323, "5.3", 1, "An older timestamp marks an old duplicate: dropped and acknowledged"),
    PAWS_NOT_FOR_RST(RFC_7323, "5.2", 1, "A reset is never too old"),
    TS_CLOCK(RFC_7323, "5.4", 1, "The timestamp clock ticks between 1 ms and 1 s"),
    PAWS_IDLE(RFC_7323, "5.5", 1, "After 24 days of silence an old timestamp proves nothing"),
    MSS_OFFER(RFC_6691, "2", 1, "The offer is MTU - 40, whatever the options"),
    MSS_SENDER_SUBTRACTS(RFC_6691, "3", 1, "The sender subtracts its options"),

    // RFC 5961, 6528, 6056, 4987
    RST_EXACT(RFC_5961, "3.2", 1, "Only a reset at RCV.NXT resets; elsewhere in the window it is challenged"),
    SYN_CHALLENGED(RFC_5961, "4.2", 1, "A SYN in a synchronised state is challenged"),
    ACK_RANGE(RFC_5961, "5.2", 1, "An ACK that is too old or of what was never sent is challenged"),
    CHALLENGE_LIMITED(RFC_5961, "7", 1, "Challenge ACKs are limited"),
    CHALLENGE_NO_ORACLE(RFC_5961, "7", 1, "The limit of one connection tells nothing of another (CVE-2016-5696)"),
    ISN_UNPREDICTABLE(RFC_6528, "3", 1, "A keyed hash of the tuple: one tuple's numbers tell nothing of another's"),
    PORTS_RANGE(RFC_6056, "3.2", 1, "49152 to 65535, each once, and a clear error when there is none"),
    PORTS_UNPREDICTABLE(RFC_6056, "3.3.3", 1, "Ports towards different peers begin at unrelated places"),
    PORTS_NO_COLLISION(RFC_6056, "3.1", 1, "Never the port of a live connection to the same peer"),
    HALF_OPEN_BOUNDED(RFC_4987, "3", 2, "Half-open connections are bounded"),
    COOKIES_ADMIT(RFC_4987, "3.6", 2, "Under a flood a real client still connects"),
    SYN_COOKIE_KEEPS_OPTIONS(RFC_4987, "3.6", 2, "Cookies keep MSS, and through timestamps scale and SACK"),
    SYN_COOKIE_FORGED(RFC_4987, "3.6", 2, "A cookie that is forged or expired opens nothing"),

    // RFC 3168, 5482, 1337, 6191
    ECN_OFF(RFC_3168, "6.1.1", 1, "With ECN off the bits of a SYN are ignored, never answered by a reset"),
    ECN_HANDSHAKE(RFC_3168, "6.1.1", 2, "ECE and CWR on a SYN, ECE on the answer; else no ECN"),
    ECN_ECT(RFC_3168, "6.1.2", 2, "ECT on new data; never on SYN, pure ACK, probe or retransmission"),
    ECN_ECE_UNTIL_CWR(RFC_3168, "6.1.3", 2, "CE is echoed by ECE until CWR comes"),
    ECN_ONE_CUT(RFC_3168, "6.1.2", 2, "ECE lowers the window once in a round trip, and CWR tells it"),
    USER_TIMEOUT_DATA(RFC_5482, "3", 2, "TCP_USER_TIMEOUT ends retransmission"),
    USER_TIMEOUT_ZERO_WINDOW(RFC_5482, "3", 2, "It ends zero-window probing"),
    TIME_WAIT_RST(RFC_1337, "3", 1, "A reset in TIME-WAIT is ignored"),
    TIME_WAIT_REUSE(
            RFC_6191, "2", 2, "In TIME-WAIT a SYN with a larger timestamp or sequence number opens; others do not"),

    // RFC 1191, 4821, 5927, 6093, 6633, 2525
    PMTU_DF(RFC_1191, "3", 1, "Every segment has DF"),
    PMTU_LOWERS(RFC_1191, "6.4", 1, "Too-big makes segments smaller and resends, without touching cwnd"),
    PMTU_PLATEAU(RFC_1191, "7.1", 1, "An old router names no size: the next plateau"),
    PMTU_FLOOR(RFC_1191, "3", 1, "There is a floor, and a size that is not smaller changes nothing"),
    PMTU_RAISED(RFC_1191, "6.3", 1, "After 10 minutes a larger size is tried again"),
    PMTU_SHARED(RFC_1191, "6.3", 1, "What one connection has learned of a path, others to the same host know"),
    PMTU_SEARCH(RFC_4821, "7.3", 3, "Larger segments are tried one at a time, and the unknown is halved"),
    PMTU_PROBE_LOSS(RFC_4821, "7.5", 3, "The loss of a probe is no sign of congestion"),
    PMTU_BLACK_HOLE(RFC_4821, "7.7", 3, "Full-size losses without ICMP lead to smaller segments"),
    ICMP_HARD_ERRORS(RFC_5927, "5.2", 1, "Hard errors do not abort an established connection"),
    ICMP_CHECKED(RFC_5927, "4.1", 1, "An error must quote what is in flight"),
    PMTU_ATTACK(RFC_5927, "7.2", 1, "A forged too-big can't slow a connection that makes progress"),
    URGENT_IN_LINE(RFC_6093, "4", 1, "Urgent data stays in line; nothing is lost"),
    SOURCE_QUENCH(RFC_6633, "3", 1, "Source Quench is ignored (MUST-55)"),
    RST_ON_CLOSE(RFC_2525, "2.17", 1, "Closing with unread data resets at once"),

    // no RFC says how
    TCP_INFO(
            LINUX,
            "-",
            2,
            "TCP_INFO: state, rtt, rttvar, rto, cwnd, ssthresh, retransmits, delivered, limited-by times"),
    TCP_CORK(LINUX, "-", 2, "TCP_CORK and MSG_MORE hold small segments, 200 ms at most"),
    TCP_QUICKACK(LINUX, "-", 2, "TCP_QUICKACK acknowledges at once"),
    TCP_DEFER_ACCEPT(LINUX, "-", 2, "TCP_DEFER_ACCEPT wakes a listener when data has come"),
    TCP_NOTSENT_LOWAT(LINUX, "-", 2, "TCP_NOTSENT_LOWAT: writable only while little is unsent"),
    LINGER(LINUX, "-", 2, "SO_LINGER waits for the last ACK, or resets at once with time 0"),
    ORPHANS(LINUX, "-", 2, "Connections that nobody owns are limited in number and time"),
    TIME_WAIT_COMPACT(LINUX, "-", 2, "TIME-WAIT is limited in number and costs tens of bytes"),
    ACCEPT_QUEUE(LINUX, "-", 2, "The accept queue is bounded; what finds it full tries again"),
    RECEIVE_AUTOTUNING(LINUX, "-", 2, "The receive buffer grows with what the application reads, up to its ceiling"),
    SEND_AUTOTUNING(LINUX, "-", 2, "The send buffer grows with cwnd, up to its ceiling"),
    MEMORY_BUDGET(LINUX, "-", 2, "One budget for the stack: windows shrink, nothing that was acknowledged is lost"),
    BURSTS_IN_PACKETS(LINUX, "-", 2, "No more packets in flight to a link than its queue holds"),
    SUPER_SEGMENTS(LINUX, "-", 2, "Segments beyond the MSS, sent and received, with ACKs thinned: all counts in bytes"),
    PACING(LINUX, "-", 2, "Congestion control may spread segments over the round trip"),
    ROUTE_CHANGE(LINUX, "-", 2, "A connection follows a changed route and its MTU"),

    // mistakes of others
    MISTAKE_ECN_SYN_RESET(MISTAKES, "gVisor 7075", 1, "A SYN with ECE and CWR is not answered by a reset"),
    MISTAKE_TS_MISSING(MISTAKES, "gVisor 11536", 1, "An ACK without a timestamp is not dropped in silence"),
    MISTAKE_SWS_TOO_STRICT(MISTAKES, "gVisor 1398", 1, "Silly-window avoidance does not collapse throughput"),
    MISTAKE_ZERO_WINDOW_LIVE_LOCK(
            MISTAKES, "esp-idf 2425", 1, "Two ends with closed windows do not answer ACK with ACK"),
    MISTAKE_QUEUE_OVERFLOW(
            MISTAKES, "rootlesskit 615", 1, "A window in bytes does not overflow a short queue of packets"),
    MISTAKE_DELAYED_ACK_LARGE_MTU(MISTAKES, "asterinas 485", 1, "The delayed ACK does not stall a 64 K MTU"),
    MISTAKE_REORDERING_HALVES(MISTAKES, "tailscale 20893", 1, "Mild reordering does not halve cwnd"),
    MISTAKE_ONE_BYTE_SEGMENTS(MISTAKES, "picotcp 47", 1, "Segments of one byte do not exhaust memory"),
    MISTAKE_BLOCKING_QUEUE(
            MISTAKES, "clawpatrol 150", 1, "A full link queue neither grows the heap nor collapses cwnd"),
    MISTAKE_PENDING_DIALS(MISTAKES, "gvisor-tap-vsock 698", 1, "Pending dials do not stall other connections"),
    MISTAKE_CLOSE_LEAVES_READERS(MISTAKES, "gVisor 8748", 1, "Closing the stack wakes every reader"),

    // TCP beyond its peers: not built
    FAST_OPEN(RFC_7413, "4", 3, "Cookie request, then data on the SYN delivered; a bad cookie falls back"),
    ACCURATE_ECN(RFC_9768, "3", 3, "More feedback than one bit; a peer without it falls back"),
    AUTHENTICATION_OPTION(RFC_5925, "3", 3, "Segments are authenticated"),

    // the layers below
    UDP_CHECKSUM(RFC_768, "-", 1, "Computed 0 is sent as 0xFFFF; received 0 is unchecked; a wrong one is dropped"),
    UDP_LENGTH(RFC_768, "-", 1, "A length below 8 or beyond the payload is dropped"),
    UDP_CLOSED_PORT(RFC_1122_IP, "4.1.3.1", 1, "A closed UDP port answers port unreachable"),
    UDP_ICMP_ERRORS(RFC_1122_IP, "4.1.3.3", 1, "A connected UDP socket hears of ICMP errors"),
    IP_VALIDATED(RFC_791, "3.1", 1, "A bad checksum, IHL below 5, a total length beyond the frame: dropped"),
    IP_ANY_SIZE(
            RFC_791, "3.1", 1, "Any datagram of 576 bytes is accepted, and any larger one that there is memory for"),
    IP_PADDING(RFC_791, "3.1", 1, "Padding behind the total length is ignored"),
    IP_OPTIONS(RFC_791, "3.1", 1, "Options are accepted"),
    ICMP_ECHO(RFC_792, "-", 1, "An echo returns id, sequence and data, of any size"),
    ICMP_QUOTE(RFC_792, "-", 1, "Errors quote the header and at least 8 bytes, and are limited in rate"),
    REASSEMBLY_ANY_ORDER(RFC_815, "3", 1, "Fragments in any order, capped in bytes and datagrams"),
    REASSEMBLY_TIME_EXCEEDED(RFC_815, "7", 1, "Time exceeded only if offset 0 was seen"),
    REASSEMBLY_OVERLAP(RFC_5722, "4", 1, "An overlap discards the datagram"),
    ATOMIC_DATAGRAMS(RFC_6864, "4.1", 1, "Atomic datagrams need no unique identification"),
    CHECKSUM_ODD(RFC_1071, "2", 1, "Odd lengths, wherever a buffer is cut"),
    CHECKSUM_UPDATE(RFC_1624, "3", 1, "An incremental update equals a full computation"),
    ICMP_NEVER_ABOUT(RFC_1122_IP, "3.2.2", 1, "No ICMP about ICMP errors, broadcasts, multicasts or later fragments"),
    GROUP_SOURCE_DROPPED(RFC_1122_IP, "3.2.1.3", 1, "Packets from a broadcast or multicast address are dropped"),
    ARP_QUEUE(RFC_1122_IP, "2.3.2.2", 1, "At least the latest packet is kept while resolving"),
    ARP_FLOOD(RFC_1122_IP, "2.3.2.1", 1, "At most one request a second for a neighbour; stale entries are checked"),
    ARP_MERGE(RFC_826, "-", 1, "Merge before the target check"),
    ARP_CREATE(RFC_826, "-", 1, "Create an entry only if we are the target"),
    FRAME_PADDED(RFC_894, "-", 1, "Frames are padded to 60 bytes with zeros"),
    SLASH_31(RFC_3021, "2.2", 1, "A /31 has no broadcast"),
    ADDRESS_PROBES(RFC_5227, "2.1", 2, "Three probes with sender 0, two announcements; one defence in 10 s"),
    MULTICAST_TTL(RFC_1112, "6.1", 2, "A multicast has TTL 1 unless told otherwise, and with 0 stays on the host"),
    MULTICAST_LOOP(RFC_1112, "6.1", 2, "What is sent goes to members on the host too, unless told otherwise"),
    MULTICAST_MEMBERS(RFC_1112, "7.2", 2, "Only groups that somebody has joined are taken in, and 224.0.0.1"),
    SOURCE_FILTERS(RFC_9776, "3", 2, "Sources are filtered for each socket, and for all of them together"),
    IGMP_BAD_MESSAGES(RFC_9776, "4", 2, "Messages that are damaged, or not for hosts, are dropped and counted"),
    IGMP_SPLIT(RFC_9776, "4.2.16", 2, "What does not fit into one report goes into several"),
    IGMP_CHANGES(RFC_9776, "5.1", 2, "A change is reported at once and again, with what came before it"),
    IGMP_QUERIES(RFC_9776, "5.2", 2, "Queries of all three kinds are answered after a random delay"),
    IGMP_FALLBACK(RFC_9776, "7.2", 2, "While an older querier is about, reports are of its version"),
    IGMP_V2(RFC_2236, "3", 2, "A member reports, is silent where another has reported, and leaves"),
    DHCP(RFC_2131, "4", 2, "An address is leased, renewed, rebound, declined"),
    IPV6(RFC_8200, "-", 2, "IPv6 beside IPv4");

    private final Source source;
    private final String section;
    private final int tier;
    private final String sentence;

    Requirement(Source source, String section, int tier, String sentence) {
        this.source = source;
        this.section = section;
        this.tier = tier;
        this.sentence = sentence;
    }

    Source source() {
        return source;
    }

    /** Of the RFC, or where a mistake was reported. */
    String section() {
        return section;
    }

    int tier() {
        return tier;
    }

    String sentence() {
        return sentence;
    }

    /** Without a test for it the build fails: all of tier 1, and of TCP tier 2 as well. */
    boolean mandatory() {
        return tier == 1 || (tier == 2 && source.tcp());
    }
}
