package dev.towpath.dns;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.towpath.setup.DefaultStack;
import dev.towpath.socket.SockAddr;
import dev.towpath.socket.UdpSocket;
import dev.towpath.wire.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;

/** A program of which {@link NamesIT} looks at the output: what {@link InetAddress} says in a JVM with Towpath. */
final class NamesProgram {
    private interface Lookup {
        Object value() throws IOException;
    }

    private NamesProgram() {}

    /** Looks up each of {@code args}; "serve", first, starts a name server where the properties say that one is. */
    public static void main(String[] args) throws IOException {
        for (String each : args) {
            String[] words = each.split("=", 2);
            switch (words[0]) {
                case "serve" -> serve(DefaultStack.properties().nameservers().get(0));
                case "name" -> say(each, () -> Arrays.toString(InetAddress.getAllByName(words[1])));
                case "address" ->
                    say(each, () -> InetAddress.getByAddress(bytes(words[1])).getHostName());
                case "own" -> say(each, () -> InetAddress.getLocalHost().getHostAddress());
                case "agents-name" -> say(each, () -> Arrays.toString(JvmNames.lookupAllHostAddr(words[1])));
                case "agents-address" -> say(each, () -> JvmNames.getHostByAddr(bytes(words[1])));
                case "active" -> say(each, JvmNames::active);
                case "stack" ->
                    say(
                            each,
                            () -> Thread.getAllStackTraces().keySet().stream()
                                    .anyMatch(thread -> thread.getName().contains("towpath")));
                default -> throw new IllegalArgumentException(each);
            }
        }
        System.exit(0); // the server has no end
    }

    private static void say(String what, Lookup lookup) {
        String said;
        try {
            said = lookup.value().toString();
        } catch (IOException e) {
            said = e.toString();
        }
        System.out.println(what + ": " + said);
    }

    private static byte[] bytes(String address) throws IOException {
        return InetAddress.getByName(address).getAddress();
    }

    /** www.example.test has two addresses, the first of which has that name; nothing else exists. */
    private static void serve(Endpoint at) throws IOException {
        UdpSocket socket = UdpSocket.open(DefaultStack.get());
        socket.bind(at.address(), at.port());
        Thread server = new Thread(() -> serve(socket), "name server");
        server.setDaemon(true);
        server.start();
    }

    private static void serve(UdpSocket socket) {
        ByteBuffer message = ByteBuffer.allocate(2000);
        SockAddr from = new SockAddr();
        try {
            while (true) {
                int length = socket.recvFrom(message.clear(), 0, from);
                answer(message, length);
                int ignored = socket.sendTo(message.flip(), 0, from.address(), from.port());
            }
        } catch (IOException closed) {
            return; // with the stack, when the JVM ends
        }
    }

    private static void answer(ByteBuffer message, int length) {
        String name = US_ASCII.decode(message.slice(12, length - 12)).toString().toLowerCase(Locale.ROOT);
        int end = 12;
        while (message.get(end) != 0) {
            end += 1 + message.get(end);
        }
        message.limit(message.capacity()).position(end + 5);
        message.putShort(2, (short) 0x8180).putShort(10, (short) 0); // without EDNS
        if (name.startsWith("\3www\7example\4test\0")) {
            record(message, 1, new byte[] {(byte) 192, 0, 2, 80});
            record(message, 1, new byte[] {(byte) 192, 0, 2, 81});
            message.putShort(6, (short) 2);
        } else if (name.startsWith("\00280\0012\0010\003192")) {
            record(message, 12, "\3www\7example\4test\0".getBytes(US_ASCII));
            message.putShort(6, (short) 1);
        } else {
            message.putShort(2, (short) 0x8183);
        }
    }

    private static void record(ByteBuffer message, int type, byte[] data) {
        message.putShort((short) 0xc00c)
                .putShort((short) type)
                .putShort((short) 1)
                .putInt(60);
        message.putShort((short) data.length).put(data);
    }
}
