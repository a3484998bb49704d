package dev.towpath.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.tap.Offload;
import dev.towpath.tap.TapHost;
import dev.towpath.tap.TapTests;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The small services, with the kernel as client. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // what BeforeAll sets up
class ServicesIT {
    private static final long SEED = 862_863_864_867L;

    private static final int MORE_THAN_A_SEND_BUFFER = 1_600_000;
    private static final int PATIENCE_MILLIS = 20_000;

    private static TapHost host;
    private static ServiceLoop loop;

    @BeforeAll
    static void serve() throws IOException {
        TapTests.assumeTap();
        host = TapHost.open(Offload.CHECKSUM_TCP_UDP);
        loop = new ServiceLoop(host.stack());
        Services.STANDARD.addTo(loop, host.stack());
        loop.start();
    }

    @AfterAll
    static void end() {
        if (host != null) {
            loop.close();
            host.close();
        }
    }

    @Test
    void echoSendsAllBackAndClosesAfterThePeer() throws Exception {
        byte[] data = random(3_000_000);
        try (Socket socket = connect(7)) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendAndFinish(socket, data));
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(data);
            sending.get(20, TimeUnit.SECONDS);
        }
        assertThat(exchange(7, random(20_000))).as("datagram in fragments").isEqualTo(random(20_000));
    }

    @Test
    void echoWaitsForAPeerThatDoesNotRead() throws Exception {
        byte[] data = random(10_000_000);
        long before = host.counter("IfInOctets");
        try (Socket lazy = new Socket()) {
            lazy.setReceiveBufferSize(64 * 1024); // so that 10 MB are more than all buffers on the way hold
            lazy.setSendBufferSize(64 * 1024);
            lazy.setSoTimeout(PATIENCE_MILLIS);
            lazy.connect(TapHost.endpoint(7));
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendAndFinish(lazy, data));
            TapTests.awaitUntil(
                    "more has come than the way back holds",
                    () -> host.counter("IfInOctets") > before + MORE_THAN_A_SEND_BUFFER);
            try (Socket other = connect(7)) { // the loop serves others meanwhile
                other.getOutputStream().write(1);
                assertThat(other.getInputStream().read()).isEqualTo(1);
            }
            assertThat(lazy.getInputStream().readAllBytes()).isEqualTo(data);
            sending.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void discardTakesAllAndSaysNothing() throws Exception {
        try (Socket socket = connect(9)) {
            sendAndFinish(socket, random(3_000_000));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            long before = host.counter("UdpInDatagrams");
            socket.send(new DatagramPacket(new byte[10], 10, TapHost.endpoint(9)));
            TapTests.awaitUntil("it has arrived", () -> host.counter("UdpInDatagrams") > before);
        }
    }

    @Test
    void daytimeSaysOneLineAndClosesFirst() throws Exception {
        try (Socket socket = connect(13)) {
            assertTime(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        }
        assertTime(new String(exchange(13, new byte[0]), StandardCharsets.US_ASCII));
    }

    @Test
    void chargenSendsThePatternOfTheRfc() throws Exception {
        try (Socket socket = connect(19)) {
            InputStream in = socket.getInputStream();
            String first = new String(in.readNBytes(74), StandardCharsets.US_ASCII);
            assertThat(first)
                    .isEqualTo(" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefg\r\n");
            String second = new String(in.readNBytes(74), StandardCharsets.US_ASCII);
            assertThat(second).startsWith("!\"#$").endsWith("efgh\r\n");
            byte[] period = Arrays.copyOf((first + second).getBytes(StandardCharsets.US_ASCII), 95 * 74);
            assertThat(in.readNBytes(period, 148, period.length - 148)).isEqualTo(period.length - 148);
            for (int i = 0; i < 200; i++) {
                assertThat(in.readNBytes(period.length)).isEqualTo(period);
            }
        }
        byte[] datagram = exchange(19, new byte[1]);
        assertThat(datagram.length).isBetween(0, 512);
    }

    @Test
    void resetsAndManyConnectionsHurtNobodyElse() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            sockets.add(connect(i % 50 == 1 ? 19 : 7));
        }
        for (int i = 0; i < sockets.size(); i++) {
            Socket socket = sockets.get(i);
            if (i % 2 == 0) {
                socket.getOutputStream().write(new byte[] {(byte) i, (byte) (i >> 8)});
                assertThat(socket.getInputStream().readNBytes(2)).isEqualTo(new byte[] {(byte) i, (byte) (i >> 8)});
            }
            socket.setSoLinger(i % 3 == 0, 0); // some resets
            socket.close();
        }
        TapTests.awaitUntil("no connection is left", () -> host.counter("TcpCurrEstab") == 0);
    }

    @Test
    void connectionsThatNobodyReadsFromStarveNoOther() throws Exception {
        List<Socket> unread = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            unread.add(connect(19));
        }
        byte[] data = random(100_000);
        try (Socket socket = connect(7)) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendAndFinish(socket, data));
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(data);
            sending.get(20, TimeUnit.SECONDS);
        }
        for (Socket socket : unread) {
            socket.close();
        }
        TapTests.awaitUntil("no connection is left", () -> host.counter("TcpCurrEstab") == 0);
    }

    @Test
    void servicesDoNotTalkToEachOtherForEver() throws Exception {
        try (DatagramSocket asEcho = new DatagramSocket(7);
                DatagramSocket other = new DatagramSocket()) {
            asEcho.send(new DatagramPacket(new byte[1], 1, TapHost.endpoint(7)));
            other.send(new DatagramPacket(new byte[1], 1, TapHost.endpoint(7)));
            other.receive(new DatagramPacket(new byte[1], 1)); // so the first one has been seen, too
            asEcho.setSoTimeout(1);
            assertThatThrownBy(() -> asEcho.receive(new DatagramPacket(new byte[1], 1)))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(TapHost.inetAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static byte[] exchange(int port, byte[] datagram) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.send(new DatagramPacket(datagram, datagram.length, TapHost.endpoint(port)));
            DatagramPacket answer = new DatagramPacket(new byte[65_535], 65_535);
            socket.receive(answer);
            return Arrays.copyOf(answer.getData(), answer.getLength());
        }
    }

    private static void sendAndFinish(Socket socket, byte[] data) {
        try {
            socket.getOutputStream().write(data);
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertTime(String line) {
        assertThat(line).endsWith("\r\n");
        ZonedDateTime time = ZonedDateTime.parse(line.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
        assertThat(time).isAfter(ZonedDateTime.now(time.getZone()).minusMinutes(5));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(SEED).nextBytes(bytes);
        return bytes;
    }
}
