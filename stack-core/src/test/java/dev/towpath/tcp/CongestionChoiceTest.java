package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.config.TcpConfig;
import dev.towpath.tcp.congestion.Algorithm;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which congestion control a connection has (TCP_CONGESTION), told by what a loss leaves of ten segments. */
@Covers(Requirement.CUBIC_DEFAULT)
class CongestionChoiceTest extends PacketScript {
    private static final int CUBIC = 7; // RFC 9438 section 4.6
    private static final int RENO = 5; // RFC 5681 section 3.1, equation (4)

    @Test
    void withoutAWordItIsCubic() {
        assertThat(windowAfterALoss()).isEqualTo(CUBIC);
    }

    @ParameterizedTest
    @CsvSource({"cubic, " + CUBIC, "reno, " + RENO})
    void theStackMayHaveAnother(String name, int segments) {
        rig.config(TcpConfig.builder().congestionControl(name).build());
        assertThat(windowAfterALoss()).isEqualTo(segments);
    }

    @ParameterizedTest
    @Covers(Requirement.PRR_ENDS_AT_SSTHRESH)
    @CsvSource({"cubic, " + CUBIC, "reno, " + RENO})
    void theSocketMayHaveAnother(String name, int segments) {
        app.options(settings -> settings.congestion = requireNonNull(Algorithm.named(name)));
        assertThat(windowAfterALoss()).isEqualTo(segments);
    }

    private int windowAfterALoss() {
        established(syn(0).mss(1000).sackPermitted());
        app.writes(10_000);
        assertThat(stack.sendsSomething()).hasSize(10);
        peer.sends(ack(1).sack(1001, 10_001)); // the first is missing
        stack.sends(data(1, 1001));
        peer.sends(ack(10_001));
        app.writes(20_000);
        return stack.sendsSomething().size();
    }
}
