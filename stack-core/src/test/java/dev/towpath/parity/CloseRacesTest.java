package dev.towpath.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A thread in a blocking call whose channel is closed by another thread, or which is interrupted. */
class CloseRacesTest extends ParityTest {
    private static final int ROUNDS = 100;

    /** A channel and a call on it that will not return. */
    private record Blocking(Channel channel, Callable<String> call) {}

    private interface Setup {
        Blocking in(CloseRacesTest test) throws IOException;
    }

    private enum Call {
        READ(test -> {
            SocketChannel channel = test.connection().near();
            return new Blocking(channel, () -> "read " + channel.read(ByteBuffer.allocate(1)));
        }),
        SCATTERING_READ(test -> {
            SocketChannel channel = test.connection().near();
            ByteBuffer[] into = {ByteBuffer.allocate(1), ByteBuffer.allocate(1)};
            return new Blocking(channel, () -> "read " + channel.read(into));
        }),
        WRITE(test -> {
            SocketChannel channel = test.connection().near();
            ByteBuffer much = ByteBuffer.allocate(1 << 16);
            return new Blocking(channel, () -> {
                while (channel.write(much.clear()) >= 0) {}
                return "written";
            });
        }),
        ACCEPT(test -> {
            ServerSocketChannel channel = test.listening();
            return new Blocking(channel, () -> "accepted " + channel.accept());
        }),
        CONNECT(test -> {
            SocketChannel channel = test.socketChannel();
            InetSocketAddress silent = test.silentPort();
            return new Blocking(channel, () -> "connected " + channel.connect(silent));
        }),
        FINISH_CONNECT(test -> {
            SocketChannel channel = test.socketChannel();
            channel.configureBlocking(false);
            channel.connect(test.silentPort());
            channel.configureBlocking(true);
            return new Blocking(channel, () -> "finished " + channel.finishConnect());
        }),
        RECEIVE(test -> {
            DatagramChannel channel = test.datagramChannel().bind(test.near());
            return new Blocking(channel, () -> "received " + channel.receive(ByteBuffer.allocate(1)));
        }),
        READ_DATAGRAM(test -> {
            DatagramChannel channel = test.datagramChannel().connect(test.far(9));
            return new Blocking(channel, () -> "read " + channel.read(ByteBuffer.allocate(1)));
        }),
        READ_PIPE(test -> {
            Pipe pipe = test.network().near().openPipe();
            test.closing(pipe.sink());
            Pipe.SourceChannel source = test.closing(pipe.source());
            return new Blocking(source, () -> "read " + source.read(ByteBuffer.allocate(1)));
        }),
        WRITE_PIPE(test -> {
            Pipe pipe = test.network().near().openPipe();
            test.closing(pipe.source());
            Pipe.SinkChannel sink = test.closing(pipe.sink());
            ByteBuffer much = ByteBuffer.allocate(1 << 16);
            return new Blocking(sink, () -> {
                while (sink.write(much.clear()) >= 0) {}
                return "written";
            });
        });

        @SuppressWarnings("ImmutableEnumChecker") // none of the lambdas has state
        private final Setup setup;

        Call(Setup setup) {
            this.setup = setup;
        }
    }

    @ParameterizedTest
    @EnumSource
    void closeEndsABlockedCall(Call call) throws Exception {
        Blocking blocking = call.setup.in(this);
        Background<String> background = Background.start(blocking.call).awaitBlocked();
        blocking.channel.close();
        // A write that has written something returns, and it is the next one that finds the channel closed.
        assertThat(background.outcome())
                .isIn("AsynchronousCloseException", call == Call.WRITE ? "ClosedChannelException" : "");
        assertThat(blocking.channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void interruptEndsABlockedCallAndClosesTheChannel(Call call) throws Exception {
        Blocking blocking = call.setup.in(this);
        Background<String> background = Background.start(blocking.call).awaitBlocked();
        background.interrupt();
        assertThat(background.outcome()).isEqualTo("ClosedByInterruptException, interrupted");
        assertThat(blocking.channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void whoIsInterruptedAlreadyClosesTheChannel(Call call) throws Exception {
        Blocking blocking = call.setup.in(this);
        Background<String> background = Background.start(() -> {
            Thread.currentThread().interrupt();
            return blocking.call.call();
        });
        assertThat(background.outcome()).isEqualTo("ClosedByInterruptException, interrupted");
        assertThat(blocking.channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void closeAtAnyMomentEndsTheCall(Call call) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Blocking blocking = call.setup.in(this);
            Background<String> background = Background.start(blocking.call);
            spin(round);
            blocking.channel.close();
            assertThat(background.outcome()).isIn("AsynchronousCloseException", "ClosedChannelException");
            closeOpened();
        }
    }

    @ParameterizedTest
    @EnumSource
    void interruptAtAnyMomentEndsTheCall(Call call) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Blocking blocking = call.setup.in(this);
            Background<String> background = Background.start(blocking.call);
            spin(round);
            background.interruptSurely();
            assertThat(background.outcome()).isEqualTo("ClosedByInterruptException, interrupted");
            assertThat(blocking.channel.isOpen()).isFalse();
            closeOpened();
        }
    }

    @ParameterizedTest
    @EnumSource
    void closeAndInterruptAtOnceEndTheCall(Call call) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Blocking blocking = call.setup.in(this);
            Background<String> background = Background.start(blocking.call);
            spin(round);
            Background<String> closing = Background.start(() -> {
                blocking.channel.close();
                return "closed";
            });
            background.interrupt();
            assertThat(closing.result()).isEqualTo("closed");
            assertThat(background.outcome())
                    .matches("ClosedByInterruptException, interrupted"
                            + "|(AsynchronousCloseException|ClosedChannelException)(, interrupted)?");
            closeOpened();
        }
    }

    /** Meets the other thread at another point in each round. */
    private static void spin(int round) {
        for (int i = 0; i < (round % 10) * (round % 10) * 200; i++) {
            Thread.onSpinWait();
        }
    }
}
