package dev.towpath.bench.tap;

import com.google.gson.Gson;
import dev.towpath.socket.SocketConstants;
import dev.towpath.socket.TcpSocket;
import dev.towpath.stack.NetworkStack;
import dev.towpath.tap.Offload;
import dev.towpath.tap.TapDevice;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One end of a long run, a process of its own: a stack on a TAP that listens, or a socket of the kernel's. */
final class SoakEnd {
    private static final int PORT = 5001;
    private static final Gson GSON = new Gson();

    /** Of the stack's data and of the kernel's. */
    private static final long[] SEEDS = {9293, 793};

    private SoakEnd() {}

    /** What it says about itself; a stack says more. */
    record State(long heapBytes, long directBytes, long retransmissions) {}

    /** "stack" with "on" or "off", or "kernel", which may begin when the stack has said that it listens. */
    public static void main(String[] arguments) throws Exception {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (arguments[0].equals("kernel")) {
            try (SocketChannel channel = SocketChannel.open(new InetSocketAddress(Ports.SERVER, PORT))) {
                System.out.println("connected");
                serve(commands, new SoakStream(pipe(channel), SEEDS[1]), null);
            }
            return;
        }
        TapDevice tap = TapDevice.named("tap0")
                .offload(arguments[1].equals("on") ? Offload.CHECKSUM_TCP_UDP : Offload.NONE)
                .hostAddress(IpPrefix.parse(Ports.CLIENT + "/24"))
                .open();
        try (NetworkStack stack =
                        NetworkStack.builder().device(tap, Ports.SERVER + "/24").start();
                TcpSocket listener = TcpSocket.open(stack)) {
            listener.bind(IpAddress.ANY_V4, PORT);
            listener.listen(1);
            System.out.println("listening");
            try (TcpSocket connection = listener.accept()) {
                serve(commands, new SoakStream(pipe(connection), SEEDS[0]), stack);
            }
        }
    }

    private static void serve(BufferedReader commands, SoakStream stream, @Nullable NetworkStack stack)
            throws IOException, InterruptedException {
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            switch (line) {
                case "start" -> {
                    stream.start();
                    System.out.println("started");
                }
                case "rest", "go on" -> {
                    stream.rest(line.equals("rest"));
                    System.out.println(line);
                }
                case "state" -> System.out.println(GSON.toJson(state(stack)));
                case "finish" -> System.out.println(GSON.toJson(stream.finish()));
                default -> throw new IOException("no command: " + line);
            }
        }
    }

    private static State state(@Nullable NetworkStack stack) {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        long resent = stack == null ? 0 : stack.counters().getOrDefault("TcpRetransSegs", 0L);
        return new State(heap, direct, resent);
    }

    private static SoakStream.Pipe pipe(SocketChannel channel) {
        return new SoakStream.Pipe() {
            @Override
            public void send(ByteBuffer data) throws IOException {
                channel.write(data);
            }

            @Override
            public int receive(ByteBuffer data) throws IOException {
                return channel.read(data);
            }

            @Override
            public void shutdownOutput() throws IOException {
                channel.shutdownOutput();
            }
        };
    }

    private static SoakStream.Pipe pipe(TcpSocket socket) {
        return new SoakStream.Pipe() {
            @Override
            public void send(ByteBuffer data) throws IOException {
                socket.send(data, 0);
            }

            @Override
            public int receive(ByteBuffer data) throws IOException {
                return socket.recv(data, 0);
            }

            @Override
            public void shutdownOutput() throws IOException {
                socket.shutdown(SocketConstants.SHUT_WR);
            }
        };
    }
}
