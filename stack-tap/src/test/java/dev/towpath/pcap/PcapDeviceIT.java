package dev.towpath.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.towpath.buffer.Frame;
import dev.towpath.link.LinkDevice;
import dev.towpath.socket.SocketConstants;
import dev.towpath.socket.TcpSocket;
import dev.towpath.stack.NetworkStack;
import dev.towpath.tap.Offload;
import dev.towpath.tap.TapDevice;
import dev.towpath.tap.TapTests;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.MacAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pcap4j.core.Pcaps;

/**
 * The kernel's end of a TAP serves as the real interface: what is injected there comes out of the TAP, and the other
 * way round.
 */
@Timeout(60)
class PcapDeviceIT {
    private static final MacAddress PCAP = MacAddress.parse("02:00:00:00:00:0a");
    private static final MacAddress TAP = MacAddress.parse("02:00:00:00:00:0b");
    private static final short LOCAL_EXPERIMENT = (short) 0x88b5; // IEEE 802

    @BeforeAll
    static void possible() {
        TapTests.assumeTap();
    }

    @Test
    void carriesFramesBothWays() throws Exception {
        assumeLibpcap();
        try (TapDevice tap = open("pcapio");
                PcapDevice pcap = PcapDevice.open("pcapio", PCAP)) {
            AtomicInteger arrivals = new AtomicInteger();
            pcap.onArrival(arrivals::incrementAndGet);

            assertThat(pcap.send(frame(PCAP, TAP), 0)).isTrue();
            assertArrives(tap, TAP, PCAP);
            assertThat(tap.send(frame(TAP, PCAP), 0)).isTrue();
            assertArrives(pcap, PCAP, TAP);
            assertThat(tap.send(frame(TAP, MacAddress.BROADCAST), 0)).isTrue();
            assertArrives(pcap, MacAddress.BROADCAST, TAP);
            assertThat(arrivals).hasValueGreaterThanOrEqualTo(2);
            assertThat(pcap.mtu()).isEqualTo(1500);
        }
    }

    @Test
    void carriesAWholeStack() throws Exception {
        assumeLibpcap();
        TapDevice tap = open("pcapstack");
        PcapDevice pcap = PcapDevice.open("pcapstack", PCAP);
        try (NetworkStack behindTap =
                        NetworkStack.builder().device(tap, "192.0.2.2/24").start();
                NetworkStack onPcap =
                        NetworkStack.builder().device(pcap, "192.0.2.3/24").start();
                TcpSocket listener = TcpSocket.open(onPcap);
                TcpSocket client = TcpSocket.open(behindTap)) {
            IpAddress server = IpAddress.parse("192.0.2.3");
            assertThat(behindTap.ping(server, 1000, Duration.ofSeconds(10))).isPresent();
            listener.bind(server, 5000);
            listener.listen(1);
            client.connect(server, 5000);
            byte[] data = new byte[200_000];
            new Random(1).nextBytes(data);
            try (TcpSocket accepted = listener.accept()) {
                CompletableFuture<Integer> sent = CompletableFuture.supplyAsync(() -> send(client, data));
                ByteBuffer received = ByteBuffer.allocate(data.length);
                accepted.recv(received, SocketConstants.MSG_WAITALL);
                assertThat(received.array()).isEqualTo(data);
                assertThat(sent.get(20, TimeUnit.SECONDS)).isEqualTo(data.length);
            }
        }
    }

    private static int send(TcpSocket socket, byte[] data) {
        try {
            return socket.send(ByteBuffer.wrap(data), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void closedDeviceIsSilent() throws Exception {
        assumeLibpcap();
        try (TapDevice tap = open("pcapclose")) {
            PcapDevice pcap = PcapDevice.open("pcapclose", PCAP);
            tap.send(frame(TAP, PCAP), 0);
            TapTests.awaitUntil("the frame is there", () -> pcap.nextEventNanos() == Long.MIN_VALUE);
            pcap.close();
            pcap.close();
            assertThat(pcap.receive(0)).isNull();
            assertThat(pcap.send(frame(PCAP, TAP), 0)).isFalse();
        }
    }

    @Test
    void withoutLibpcapSaysWhatToInstall() throws Exception {
        assumeFalse(libpcapMissing() == null, "libpcap is installed");
        try (TapDevice tap = open("pcapnone")) {
            assertThatThrownBy(() -> PcapDevice.open(tap.name(), PCAP))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("install the package libpcap0.8");
        }
    }

    @Test
    void unknownInterfaceIsSaid() {
        assumeLibpcap();
        assertThatThrownBy(() -> PcapDevice.open("nosuch0", PCAP))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no interface nosuch0");
    }

    @Test
    void theKernelsOwnAddressIsRefused() throws Exception {
        assumeLibpcap();
        try (TapDevice tap = open("pcapmac")) {
            assertThatThrownBy(() -> PcapDevice.open("pcapmac", tap.kernelMac()))
                    .hasMessageContaining("take one of its own");
        }
    }

    private static void assumeLibpcap() {
        String missing = libpcapMissing();
        if (missing != null) {
            abort("libpcap is not installed (Debian's package libpcap0.8): " + missing);
        }
    }

    private static @Nullable String libpcapMissing() {
        try {
            Pcaps.libVersion();
            return null;
        } catch (LinkageError e) {
            return e.toString().lines().findFirst().orElse("");
        }
    }

    private static TapDevice open(String name) throws IOException {
        return TapDevice.named(name).mac(TAP).offload(Offload.NONE).open();
    }

    private static void assertArrives(LinkDevice device, MacAddress to, MacAddress from) {
        Frame frame = TapTests.awaitValue("a frame for " + to, () -> Optional.ofNullable(next(device)));
        assertThat(mac(frame, frame.start)).isEqualTo(to);
        assertThat(mac(frame, frame.start + 6)).isEqualTo(from);
        assertThat(frame.length()).isEqualTo(100);
        frame.release();
    }

    /** The next frame that is not the kernel's, which looks for neighbours. */
    private static @Nullable Frame next(LinkDevice device) {
        Frame frame = device.receive(0);
        if (frame != null && frame.bytes().getShort(frame.start + 12) != LOCAL_EXPERIMENT) {
            frame.release();
            return null;
        }
        return frame;
    }

    private static Frame frame(MacAddress from, MacAddress to) {
        Frame frame = Frame.unpooled(256);
        frame.start = Frame.HEADROOM;
        frame.end = frame.start + 100;
        put(frame, frame.start, to);
        put(frame, frame.start + 6, from);
        frame.bytes().putShort(frame.start + 12, LOCAL_EXPERIMENT);
        return frame;
    }

    private static void put(Frame frame, int at, MacAddress mac) {
        frame.bytes().putShort(at, (short) (mac.bits() >>> 32));
        frame.bytes().putInt(at + 2, (int) mac.bits());
    }

    private static MacAddress mac(Frame frame, int at) {
        return new MacAddress(
                (frame.bytes().getShort(at) & 0xffffL) << 32 | (frame.bytes().getInt(at + 2) & 0xffff_ffffL));
    }
}
