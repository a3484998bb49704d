package dev.towpath.nio;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.stack.NetworkStack;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The programs with which every text on {@code java.nio} begins. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EchoTest {
    private final NetworkStack stack = NetworkStack.builder().name("echo").start();
    private final TowpathSelectorProvider provider = new TowpathSelectorProvider(stack);

    @AfterEach
    void close() {
        stack.close();
    }

    private ServerSocketChannel listening() throws IOException {
        return provider.openServerSocketChannel().bind(OneStack.local(0));
    }

    private static String echo(SocketChannel client, String text) throws IOException {
        client.write(ByteBuffer.wrap(text.getBytes(US_ASCII)));
        ByteBuffer answer = ByteBuffer.allocate(text.length());
        while (answer.hasRemaining() && client.read(answer) >= 0) {}
        return new String(answer.array(), 0, answer.position(), US_ASCII);
    }

    @Test
    void blocking() throws Exception {
        try (ServerSocketChannel server = listening();
                SocketChannel client = provider.openSocketChannel()) {
            CompletableFuture<Void> echoes = CompletableFuture.runAsync(() -> {
                try (SocketChannel accepted = server.accept()) {
                    ByteBuffer buffer = ByteBuffer.allocateDirect(100);
                    while (accepted.read(buffer.clear()) >= 0) {
                        accepted.write(buffer.flip());
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(client.connect(server.getLocalAddress())).isTrue();
            assertThat(echo(client, "hello")).isEqualTo("hello");
            assertThat(echo(client, "again")).isEqualTo("again");
            client.shutdownOutput();
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            echoes.get();
        }
    }

    @Test
    @SuppressWarnings("try") // to close early is the point
    void selecting() throws Exception {
        try (ServerSocketChannel server = listening();
                SocketChannel client = provider.openSocketChannel()) {
            Selector selector = provider.openSelector();
            server.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
            Thread loop = new Thread(() -> serve(selector), "loop");
            loop.start();
            client.connect(server.getLocalAddress());
            assertThat(echo(client, "hello")).isEqualTo("hello");
            assertThat(echo(client, "again")).isEqualTo("again");
            client.shutdownOutput();
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            selector.close();
            loop.join();
        }
    }

    private static void serve(Selector selector) {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        try {
            while (selector.isOpen()) {
                selector.select();
                if (!selector.isOpen()) {
                    return;
                }
                for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
                    SelectionKey key = keys.next();
                    keys.remove();
                    if (key.isAcceptable()) {
                        SocketChannel accepted = ((ServerSocketChannel) key.channel()).accept();
                        accepted.configureBlocking(false).register(selector, SelectionKey.OP_READ);
                    } else if (((SocketChannel) key.channel()).read(buffer.clear()) < 0) {
                        key.channel().close();
                    } else {
                        ((SocketChannel) key.channel()).write(buffer.flip());
                    }
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
