package dev.towpath.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code DatagramSocket}: what holds for the kernel's holds for ours. */
@SuppressWarnings("try") // closing early is what is tested
@ParameterizedClass
@EnumSource
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatagramContractTest {
    private final World world;
    private World.Host host;

    DatagramContractTest(World world) {
        this.world = world;
    }

    @BeforeEach
    void open() {
        host = world.open();
    }

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void aPacketIsReceivedIntoAgainAndAgain() throws IOException {
        try (DatagramSocket near = host.datagrams();
                DatagramSocket far = host.datagrams()) {
            DatagramPacket into = new DatagramPacket(new byte[8], 8);
            for (int length : new int[] {1, 5, 8, 3, 20}) {
                near.send(new DatagramPacket(new byte[length], length, far.getLocalSocketAddress()));
                far.receive(into);
                assertThat(into.getLength()).isEqualTo(Math.min(8, length));
                assertThat(into.getSocketAddress()).isEqualTo(near.getLocalSocketAddress());
            }
        }
    }

    @Test
    void waitingTooLongTimesOut() throws IOException {
        try (DatagramSocket socket = host.datagrams()) {
            socket.setSoTimeout(20);
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> socket.receive(new DatagramPacket(new byte[1], 1)))
                    .withMessage("Receive timed out");
            assertThat(socket.getSoTimeout()).isEqualTo(20);
        }
    }

    @Test
    void aConnectedSocketLearnsThatNobodyIsThere() throws IOException {
        InetSocketAddress nobody;
        try (DatagramSocket gone = host.datagrams()) {
            nobody = (InetSocketAddress) gone.getLocalSocketAddress();
        }
        try (DatagramSocket socket = host.datagrams()) {
            socket.connect(nobody);
            socket.setSoTimeout(20_000);
            socket.send(new DatagramPacket(new byte[1], 1));
            assertThatExceptionOfType(PortUnreachableException.class)
                    .isThrownBy(() -> socket.receive(new DatagramPacket(new byte[1], 1)));
            assertThat(socket.isConnected()).isTrue();
            socket.disconnect();
            assertThat(socket.isConnected()).isFalse();
        }
    }

    @Test
    void closingWakesWhoeverReceives() throws Exception {
        try (DatagramSocket socket = host.datagrams()) {
            Background receiver = Background.run(() -> assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> socket.receive(new DatagramPacket(new byte[1], 1))));
            World.awaitBlocked(receiver.thread());
            socket.close();
            receiver.join();
        }
    }

    @Test
    void optionsAreWhatTheyWereSetTo() throws IOException {
        try (DatagramSocket socket = host.datagrams()) {
            assertThat(socket.getBroadcast()).isTrue();
            socket.setBroadcast(false);
            socket.setTrafficClass(0x10);
            socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 7);
            socket.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, false);
            assertThat(socket.getBroadcast()).isFalse();
            assertThat(socket.getTrafficClass()).isEqualTo(0x10);
            assertThat(socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL)).isEqualTo(7);
            assertThat(socket.getOption(StandardSocketOptions.IP_MULTICAST_LOOP))
                    .isFalse();
        }
    }
}
