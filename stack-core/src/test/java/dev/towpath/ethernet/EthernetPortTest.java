package dev.towpath.ethernet;

import static dev.towpath.testing.Host.HOST_MAC;
import static dev.towpath.testing.Host.PEER_MAC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.towpath.buffer.Frame;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.Host;
import dev.towpath.testing.TestPackets;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.wire.MacAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EthernetPortTest {
    private static final int EXPERIMENTAL = 0x88b5; // IEEE 802, local experimental EtherType 1

    private final Host host = new Host();
    private final EthernetPort port = new EthernetPort(7, host.device, host.clock, host.mib);
    private final List<String> delivered = new ArrayList<>();

    @ParameterizedTest(name = "{0} <- {1} type {2}: {3}")
    @CsvSource({
        "02:00:00:00:00:02, 02:00:00:00:00:01, 88b5, unicast",
        "ff:ff:ff:ff:ff:ff, 02:00:00:00:00:01, 88b5, group",
        "01:00:5e:00:00:01, 02:00:00:00:00:01, 88b5, group",
        "02:00:00:00:00:03, 02:00:00:00:00:01, 88b5, ETHERNET_OTHER_HOST",
        "02:00:00:00:00:02, ff:ff:ff:ff:ff:ff, 88b5, ETHERNET_BAD_SOURCE",
        "02:00:00:00:00:02, 01:00:5e:00:00:01, 88b5, ETHERNET_BAD_SOURCE",
        "02:00:00:00:00:02, 02:00:00:00:00:01, 86dd, ETHERNET_UNKNOWN_TYPE",
        "02:00:00:00:00:02, 02:00:00:00:00:01, 0026, ETHERNET_UNKNOWN_TYPE", // a length: IEEE 802.3, not Ethernet II
    })
    void takesWhatIsForThisHost(String to, String from, String type, String result) {
        port.register(EXPERIMENTAL, frame -> delivered.add(frame.linkGroup ? "group" : "unicast"));
        receive(TestPackets.ethernet(
                MacAddress.parse(to), MacAddress.parse(from), Integer.parseInt(type, 16), new byte[46]));
        host.dropped().forEach((reason, count) -> delivered.add(reason.name()));
        assertThat(delivered).containsExactly(result);
    }

    @Test
    void aFrameShorterThanItsHeaderIsDropped() {
        receive(new byte[13]);
        assertThat(host.dropped()).containsExactly(entry(DropReason.ETHERNET_TOO_SHORT, 1L));
    }

    @Test
    void theHandlerSeesWhereItsHeaderIsAndWhereItCameFrom() {
        port.register(EXPERIMENTAL, frame -> {
            assertThat(frame.network).isEqualTo(frame.start + 14);
            assertThat(frame.interfaceIndex).isEqualTo(7);
            delivered.add("seen");
        });
        receive(TestPackets.ethernet(HOST_MAC, PEER_MAC, EXPERIMENTAL, new byte[46]));
        assertThat(delivered).containsExactly("seen");
        assertThat(host.mib.value(Counter.IF_IN_FRAMES)).isEqualTo(1);
        assertThat(host.mib.value(Counter.IF_IN_OCTETS)).isEqualTo(60);
    }

    @Test
    @Covers(Requirement.FRAME_PADDED)
    void aShortFrameIsPaddedWithZerosWhateverWasInItsMemory() { // RFC 894; the codec checks the zeros
        Frame frame = host.frames.take(Frame.HEADROOM);
        for (int i = 0; i < frame.capacity(); i++) {
            frame.bytes().put(i, (byte) 0x5a);
        }
        byte[] packet = TestPackets.ip(Host.HOST, Host.PEER, 1, TestPackets.icmp(8, 0, 1, new byte[0]))
                .bytes();
        frame.start = Frame.HEADROOM;
        frame.end = frame.start + packet.length;
        frame.bytes().put(frame.start, packet);
        long before = host.mib.value(Counter.IF_OUT_OCTETS);
        port.send(frame, PEER_MAC.bits(), TestPackets.IPV4);
        assertThat(host.sentOne().getRawData()).hasSize(60);
        assertThat(host.mib.value(Counter.IF_OUT_OCTETS) - before).isEqualTo(60);
    }

    @Test
    void whatTheDeviceDoesNotTakeIsCounted() {
        host.device.full(true);
        Frame frame = host.frames.take(Frame.HEADROOM);
        frame.start = Frame.HEADROOM;
        frame.end = frame.start + 46;
        port.send(frame, PEER_MAC.bits(), EXPERIMENTAL);
        assertThat(host.dropped()).containsExactly(entry(DropReason.DEVICE_QUEUE_FULL, 1L));
        assertThat(host.mib.value(Counter.IF_OUT_DISCARDS)).isEqualTo(1);
        assertThat(host.frames.taken()).isZero();
    }

    private void receive(byte[] raw) {
        Frame frame = host.frames.take(Frame.HEADROOM + raw.length);
        frame.start = 2;
        frame.end = 2 + raw.length;
        frame.bytes().put(2, raw);
        port.receive(frame);
        frame.release();
    }
}
