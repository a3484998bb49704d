package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.syn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.mib.DropReason;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection has two ends: what was sent to many is dropped in silence (RFC 9293 section 3.9.2.3, MUST-57). */
class GroupAddressTest extends PacketScript {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Covers(Requirement.SYN_FROM_GROUP_IGNORED)
    void aListenerDoesNotAnswer(boolean linkGroup) {
        app.listens();
        peer.broadcasts(syn(0).mss(1000), linkGroup);
        stack.isQuiet();
        assertThat(rig.flows()).isZero();
        assertThat(rig.dropped(DropReason.TCP_GROUP_ADDRESS)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Covers(Requirement.SYN_FROM_GROUP_IGNORED)
    void aClosedPortSendsNoReset(boolean linkGroup) {
        peer.broadcasts(syn(0), linkGroup);
        stack.isQuiet();
        assertThat(rig.dropped(DropReason.TCP_GROUP_ADDRESS)).isEqualTo(1);
    }
}
