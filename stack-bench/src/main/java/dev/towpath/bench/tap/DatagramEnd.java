package dev.towpath.bench.tap;

import static dev.towpath.socket.SocketConstants.MSG_WAITFORONE;

import com.google.gson.Gson;
import dev.towpath.socket.Errno;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.MsgHdr;
import dev.towpath.socket.SockOpt;
import dev.towpath.socket.UdpSocket;
import dev.towpath.stack.NetworkStack;
import dev.towpath.tap.Offload;
import dev.towpath.tap.TapDevice;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One end of a measurement of datagrams, a process of its own: {@code kernel}, or {@code stack on|off} for a stack on
 * {@code tap0} with offload or without. Each line of its input is a task, answered by a line of JSON:
 *
 * <pre>
 *   sink SECONDS                                  receives on the discard port
 *   send ADDRESS SECONDS BYTES one|batch|super    sends to the discard port: a call for each datagram, for a batch of
 *                                                 them, or for one super-datagram (UDP_SEGMENT)
 * </pre>
 */
public final class DatagramEnd {
    /** Datagrams in a batch or a super-datagram, if they are small enough. */
    static final int BATCH = 64;

    private static final int MOST_BYTES = 64_000;
    private static final int BUFFER = 8 << 20;
    private static final long SECOND = 1_000_000_000L;

    /** How many datagrams, in how long. */
    record Count(long datagrams, double seconds) {
        double rate() {
            return seconds > 0 ? datagrams / seconds : 0;
        }
    }

    /** What both kinds of end can do. */
    private interface End extends Closeable {
        /** Waits a moment for datagrams; how many have come. */
        int receive() throws IOException;

        /** Sends to {@code address} from now on, datagrams of {@code bytes} bytes. */
        void prepare(String address, int bytes, String how) throws IOException;

        /** Sends some; how many. */
        int send() throws IOException;
    }

    private DatagramEnd() {}

    /** Does what its input says, until that ends. */
    public static void main(String[] arguments) throws IOException {
        try (End end = arguments[0].equals("kernel") ? new KernelEnd() : new StackEnd(arguments[1].equals("on"))) {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", -1);
                Count count = words[0].equals("sink")
                        ? sink(end, Double.parseDouble(words[1]))
                        : send(end, words[1], Double.parseDouble(words[2]), Integer.parseInt(words[3]), words[4]);
                System.out.println(new Gson().toJson(count));
            }
        }
    }

    private static Count sink(End end, double seconds) throws IOException {
        long begin = System.nanoTime();
        long first = 0;
        long last = 0;
        long datagrams = 0;
        while (System.nanoTime() - begin < seconds * SECOND) {
            int count = end.receive();
            if (count > 0) {
                last = System.nanoTime();
                first = first == 0 ? last : first;
                datagrams += count;
            }
        }
        return new Count(datagrams, (last - first) / (double) SECOND);
    }

    private static Count send(End end, String address, double seconds, int bytes, String how) throws IOException {
        end.prepare(address, bytes, how);
        long begin = System.nanoTime();
        long datagrams = 0;
        long now = begin;
        while (now - begin < seconds * SECOND) {
            datagrams += end.send();
            now = System.nanoTime();
        }
        return new Count(datagrams, (now - begin) / (double) SECOND);
    }

    private static int fitting(int bytes, String how) {
        return how.equals("one") ? 1 : Math.min(BATCH, MOST_BYTES / bytes);
    }

    /** With the kernel's sockets. */
    private static final class KernelEnd implements End {
        private static final int IPPROTO_UDP = 17;
        private static final int UDP_SEGMENT = 103;

        private final KernelSocket receiving = KernelSocket.udp();
        private final Datagrams received = new Datagrams(Datagrams.MOST, BATCH);
        private KernelSocket sending = KernelSocket.udp();
        private Datagrams batch = new Datagrams(1, 1);
        private int datagramsAtOnce;

        KernelEnd() throws IOException {
            receiving.bind(Ports.DISCARD);
            receiving.receiveBuffer(BUFFER);
            receiving.timeouts(1);
        }

        @Override
        public int receive() {
            return received.receive(receiving);
        }

        @Override
        public void prepare(String address, int bytes, String how) throws IOException {
            sending.close();
            sending = KernelSocket.udp();
            sending.connect(new KernelSocket.Address(address, Ports.DISCARD));
            datagramsAtOnce = fitting(bytes, how);
            batch = new Datagrams(bytes, datagramsAtOnce);
            if (how.equals("super")) {
                ByteBuffer size = KernelMemory.allocate(Integer.BYTES).putInt(0, bytes);
                long at = KernelMemory.address(size);
                if (KernelMemory.CALLS.setsockopt(sending.descriptor(), IPPROTO_UDP, UDP_SEGMENT, at, Integer.BYTES)
                        < 0) {
                    throw KernelSocket.failure("UDP_SEGMENT");
                }
                batch = new Datagrams(datagramsAtOnce * bytes, 1);
            }
        }

        @Override
        public int send() {
            int sent = Math.max(batch.send(sending), 0);
            return batch.count() == 1 ? sent * datagramsAtOnce : sent;
        }

        @Override
        public void close() {
            receiving.close();
            sending.close();
        }
    }

    /** With the stack's. */
    private static final class StackEnd implements End {
        private static final Duration MOMENT = Duration.ofMillis(200);

        private final NetworkStack stack;
        private final UdpSocket receiving;
        private final UdpSocket sending;
        private final MsgHdr[] received = MsgHdr.batch(BATCH, Datagrams.MOST);
        private MsgHdr[] batch = {};
        private int datagramsAtOnce;

        StackEnd(boolean offload) throws IOException {
            TapDevice tap = TapDevice.named("tap0")
                    .offload(offload ? Offload.CHECKSUM_TCP_UDP : Offload.NONE)
                    .hostAddress(IpPrefix.parse(Ports.CLIENT + "/24"))
                    .open();
            stack = NetworkStack.builder().device(tap, Ports.SERVER + "/24").start();
            receiving = UdpSocket.open(stack);
            receiving.bind(IpAddress.ANY_V4, Ports.DISCARD);
            receiving.option(SockOpt.SO_RCVBUF, BUFFER);
            sending = UdpSocket.open(stack);
        }

        @Override
        public int receive() throws IOException {
            try {
                int count = receiving.recvMmsg(received, received.length, MSG_WAITFORONE, MOMENT);
                for (int i = 0; i < count; i++) {
                    received[i].data.clear();
                }
                return count;
            } catch (ErrnoException e) {
                if (e.errno() == Errno.EAGAIN) {
                    return 0;
                }
                throw e;
            }
        }

        @Override
        public void prepare(String address, int bytes, String how) throws IOException {
            sending.connect(IpAddress.parse(address), Ports.DISCARD);
            datagramsAtOnce = fitting(bytes, how);
            boolean together = how.equals("super");
            sending.option(SockOpt.UDP_SEGMENT, together ? bytes : 0);
            batch = together ? MsgHdr.batch(1, datagramsAtOnce * bytes) : MsgHdr.batch(datagramsAtOnce, bytes);
        }

        @Override
        public int send() throws IOException {
            for (MsgHdr message : batch) {
                message.data.clear();
            }
            int sent = sending.sendMmsg(batch, 0);
            return batch.length == 1 ? sent * datagramsAtOnce : sent;
        }

        @Override
        public void close() {
            stack.close();
        }
    }
}
