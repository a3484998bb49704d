package dev.towpath.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.link.DeviceWait;
import dev.towpath.link.LinkFeatures;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import dev.towpath.wire.MacAddress;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.NetworkInterface;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The device alone, against the kernel. */
@Timeout(60)
class TapDeviceIT {
    private static final IpPrefix KERNEL = IpPrefix.parse("192.0.2.1/24");
    private static final long HOUR = 3_600_000_000_000L;
    private static final int ARP = 0x0806;
    private static final int IPV4 = 0x0800;

    @BeforeAll
    static void possible() {
        TapTests.assumeTap();
    }

    @Test
    void setsTheKernelsEndUp() throws Exception {
        try (TapDevice device = TapDevice.named("tapup")
                .mtu(1400)
                .mac(MacAddress.parse("02:00:00:00:00:02"))
                .hostAddress(KERNEL)
                .open()) {
            NetworkInterface kernel = NetworkInterface.getByName("tapup");
            assertThat(kernel.isUp()).isTrue();
            assertThat(kernel.getMTU()).isEqualTo(1400);
            assertThat(kernel.getInterfaceAddresses()).anySatisfy(address -> {
                assertThat(address.getAddress()).isEqualTo(KERNEL.address().toInetAddress());
                assertThat(address.getNetworkPrefixLength()).isEqualTo((short) 24);
            });
            assertThat(device.mtu()).isEqualTo(1400);
            assertThat(device.mac()).hasToString("02:00:00:00:00:02");
            assertThat(device.kernelMac()).isNotEqualTo(device.mac());
        }
        assertThat(NetworkInterface.getByName("tapup")).as("gone after close").isNull();
    }

    @Test
    void randomAddressIsLocallyAdministered() throws Exception {
        try (TapDevice device = TapDevice.named("tapmac").open()) {
            assertThat(device.mac().isGroup()).isFalse();
            assertThat(device.mac().bits() >>> 41 & 1).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Offload.class)
    void carriesFramesBothWays(Offload most) throws Exception {
        try (TapDevice device = TapDevice.named("tapio")
                        .offload(most)
                        .hostAddress(KERNEL)
                        .open();
                DatagramSocket socket = new DatagramSocket()) {
            assertThat(device.offload()).isGreaterThanOrEqualTo(most);
            byte[] data = "over the cable".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            socket.send(new DatagramPacket(data, data.length, InetAddress.getByName("192.0.2.2"), 4000));

            answerArp(device, receive(device, ARP));
            Frame datagram = receive(device, IPV4);
            int udp = datagram.start + 14 + 20;
            assertThat(datagram.bytes().getShort(udp + 2)).isEqualTo((short) 4000);
            assertThat(datagram.length()).isEqualTo(14 + 20 + 8 + data.length);
            if (device.features().equals(LinkFeatures.NONE)) {
                assertThat(datagram.checksum).isEqualTo(Frame.CHECKSUM_NONE);
            } else {
                assertThat(datagram.checksum).isEqualTo(Frame.CHECKSUM_PARTIAL);
                assertThat(datagram.checksumStart).isEqualTo(udp);
                assertThat(datagram.checksumOffset).isEqualTo(6);
            }
            datagram.release();
        }
    }

    @Test
    void givesItsFramesBack() throws Exception {
        FramePool frames = new FramePool();
        TapDevice device = TapDevice.named("tappool").frames(frames).open();
        device.receive(0);
        device.send(garbage(frames), 0);
        device.close();
        assertThat(device.receive(0)).isNull();
        assertThat(device.send(garbage(frames), 0)).isFalse();
        assertThat(frames.taken()).isZero();
    }

    @Test
    void sleepEndsForAFrame() throws Exception {
        try (TapDevice device = TapDevice.named("tapwait").hostAddress(KERNEL).open();
                DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName("192.0.2.2"), 9));
            receive(device, ARP).release(); // would time out if await slept on
        }
    }

    @Test
    void sleepEndsWhenWokenOrInterruptedOrClosed() throws Exception {
        TapDevice device = TapDevice.named("tapwake").open();
        DeviceWait wait = device.deviceWait();
        wait.wake();
        wait.await(HOUR); // the wake-up came first

        Thread sleeper = new Thread(() -> sleepUntilInterrupted(wait));
        sleeper.start();
        TapTests.awaitUntil("the sleeper sleeps", () -> inPpoll(sleeper));
        sleeper.interrupt();
        sleeper.join();

        Thread closer = new Thread(device::close);
        Thread last = new Thread(() -> {
            closer.start();
            wait.await(HOUR);
        });
        last.start();
        last.join();
        closer.join();
        wait.wake(); // nothing left to wake: nothing happens
        wait.close();
    }

    @Test
    void everyWakeUpEndsASleep() throws Exception {
        try (TapDevice device = TapDevice.named("tapstress").open()) {
            DeviceWait wait = device.deviceWait();
            int rounds = 20_000;
            java.util.concurrent.atomic.AtomicInteger asked = new java.util.concurrent.atomic.AtomicInteger();
            java.util.concurrent.atomic.AtomicInteger answered = new java.util.concurrent.atomic.AtomicInteger();
            Thread sleeper = new Thread(() -> {
                while (answered.get() < rounds) {
                    if (asked.get() > answered.get()) {
                        answered.incrementAndGet();
                    } else {
                        wait.await(HOUR); // a lost wake-up hangs here
                    }
                }
            });
            sleeper.start();
            for (int i = 0; i < rounds; i++) {
                asked.incrementAndGet();
                wait.wake();
                while (answered.get() < asked.get()) {
                    Thread.onSpinWait();
                }
            }
            sleeper.join();
        }
    }

    @Test
    void oneWaitWatchesSeveralDevices() throws Exception {
        TapDevice first = TapDevice.named("tapa").open();
        try (TapDevice second = TapDevice.named("tapb").hostAddress(KERNEL).open();
                DatagramSocket socket = new DatagramSocket()) {
            DeviceWait wait = first.deviceWait();
            assertThat(wait.add(second)).isTrue();
            while (second.receive(0) != null) {} // what the kernel says when an interface comes up
            first.close();
            socket.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName("192.0.2.2"), 9));
            Frame frame = second.receive(0);
            while (frame == null) {
                wait.await(HOUR);
                frame = second.receive(0);
            }
            frame.release();
        }
    }

    @Test
    void allocatesNothingPerFrame() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        FramePool frames = new FramePool();
        try (TapDevice device = TapDevice.named("tapalloc").frames(frames).open()) {
            DeviceWait wait = device.deviceWait();
            Runnable round = () -> {
                device.send(garbage(frames), 0);
                Frame frame = device.receive(0);
                if (frame != null) {
                    frame.release();
                }
                wait.wake();
                wait.await(HOUR);
                wait.await(1);
            };
            long least = Long.MAX_VALUE; // the first rounds load classes, and a compiler may allocate in our name
            for (int attempt = 0; attempt < 20; attempt++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 1000; i++) {
                    round.run();
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(least).isZero();
        }
    }

    @Test
    void nameInUseIsSaid() throws Exception {
        try (TapDevice first = TapDevice.named("tapbusy").open()) {
            assertThat(first.name()).isEqualTo("tapbusy");
            assertThatThrownBy(() -> TapDevice.named("tapbusy").open())
                    .isInstanceOf(TapException.class)
                    .hasMessageContaining("tapbusy is in use")
                    .hasMessageContaining("take another name");
        }
    }

    @Test
    void interfaceOfAnotherKindIsSaid() {
        assertThatThrownBy(() -> TapDevice.named("lo").open())
                .isInstanceOf(TapException.class)
                .hasMessageContaining("lo exists and is no TAP");
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> TapDevice.named("a name that is too long")).hasMessageContaining("1 to 15 letters");
        assertThatThrownBy(() -> TapDevice.named("tap0").mtu(67)).hasMessageContaining("68 to 65521");
        assertThatThrownBy(() -> TapDevice.named("tap0").mac(MacAddress.BROADCAST))
                .hasMessageContaining("no address of one interface");
    }

    private static Frame receive(TapDevice device, int etherType) {
        DeviceWait wait = device.deviceWait();
        while (true) {
            Frame frame = device.receive(System.nanoTime());
            if (frame == null) {
                wait.await(HOUR);
            } else if ((frame.bytes().getShort(frame.start + 12) & 0xffff) == etherType) {
                return frame;
            } else {
                frame.release(); // the kernel looks for IPv6 neighbours
            }
        }
    }

    /** Turns a request into the reply, in place. */
    private static void answerArp(TapDevice device, Frame request) {
        int arp = request.start + 14;
        int asked = request.bytes().getInt(arp + 24);
        int asker = request.bytes().getInt(arp + 14);
        assertThat(IpAddress.v4(asked)).hasToString("192.0.2.2");
        request.bytes().put(request.start, request.bytes(), request.start + 6, 6);
        request.bytes().put(arp + 18, request.bytes(), arp + 8, 6);
        putMac(request, request.start + 6, device.mac());
        putMac(request, arp + 8, device.mac());
        request.bytes().putShort(arp + 6, (short) 2);
        request.bytes().putInt(arp + 14, asked);
        request.bytes().putInt(arp + 24, asker);
        assertThat(device.send(request, 0)).isTrue();
    }

    private static void putMac(Frame frame, int at, MacAddress mac) {
        frame.bytes().putShort(at, (short) (mac.bits() >>> 32));
        frame.bytes().putInt(at + 2, (int) mac.bits());
    }

    /** A frame of a type that the kernel ignores. */
    private static Frame garbage(FramePool frames) {
        Frame frame = frames.take(FramePool.SMALL);
        frame.start = Frame.HEADROOM;
        frame.end = frame.start + 60;
        frame.bytes().putShort(frame.start + 12, (short) 0x88b5); // IEEE 802: local experiments
        return frame;
    }

    private static void sleepUntilInterrupted(DeviceWait wait) {
        while (!Thread.currentThread().isInterrupted()) {
            wait.await(HOUR);
        }
    }

    private static boolean inPpoll(Thread thread) {
        for (StackTraceElement element : thread.getStackTrace()) {
            if (element.getMethodName().equals("ppoll")) {
                return true;
            }
        }
        return false;
    }
}
