package dev.towpath.parity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every method of both ends of a Pipe in every state that they can be in. */
class PipeStatesTest extends ParityTest {
    private interface Setup {
        Pipe open() throws IOException;
    }

    @Test
    void everyCallOnTheSourceInEveryState() throws Exception {
        StateTable table = new StateTable("pipe-source.txt", world);
        for (Map.Entry<String, Setup> state : states().entrySet()) {
            for (Map.Entry<String, StateTable.Call<Pipe.SourceChannel>> call :
                    sourceCalls().entrySet()) {
                table.record(
                        state.getKey(), call.getKey(), state.getValue().open().source(), call.getValue());
            }
        }
        table.check();
    }

    @Test
    void everyCallOnTheSinkInEveryState() throws Exception {
        StateTable table = new StateTable("pipe-sink.txt", world);
        for (Map.Entry<String, Setup> state : states().entrySet()) {
            for (Map.Entry<String, StateTable.Call<Pipe.SinkChannel>> call :
                    sinkCalls().entrySet()) {
                table.record(
                        state.getKey(), call.getKey(), state.getValue().open().sink(), call.getValue());
            }
        }
        table.check();
    }

    private Map<String, Setup> states() {
        Map<String, Setup> states = new LinkedHashMap<>();
        states.put("open", this::pipe);
        states.put("non-blocking", () -> {
            Pipe pipe = pipe();
            pipe.source().configureBlocking(false);
            pipe.sink().configureBlocking(false);
            return pipe;
        });
        states.put("data waiting", () -> {
            Pipe pipe = pipe();
            pipe.sink().write(bytes("abc"));
            return pipe;
        });
        states.put("sink closed", () -> {
            Pipe pipe = pipe();
            pipe.sink().close();
            return pipe;
        });
        states.put("source closed", () -> {
            Pipe pipe = pipe();
            pipe.source().close();
            return pipe;
        });
        return states;
    }

    private Pipe pipe() throws IOException {
        Pipe pipe = network().near().openPipe();
        closing(pipe.source());
        closing(pipe.sink());
        return pipe;
    }

    private static Map<String, StateTable.Call<Pipe.SourceChannel>> sourceCalls() {
        Map<String, StateTable.Call<Pipe.SourceChannel>> calls = new LinkedHashMap<>();
        putQuestions(calls);
        calls.put("read", source -> source.read(ByteBuffer.allocate(2)));
        calls.put("read(no room)", source -> source.read(ByteBuffer.allocate(0)));
        calls.put("read(null)", source -> source.read((ByteBuffer) null));
        calls.put(
                "read(read-only)", source -> source.read(ByteBuffer.allocate(2).asReadOnlyBuffer()));
        calls.put("read(array)", source -> source.read(buffers()));
        calls.put("read(array, 0, 0)", source -> source.read(buffers(), 0, 0));
        calls.put("read(array, 1, 2)", source -> source.read(buffers(), 1, 2));
        calls.put("register(WRITE)", source -> register(source, SelectionKey.OP_WRITE));
        calls.put("register(valid)", source -> register(source, source.validOps()));
        return calls;
    }

    private static Map<String, StateTable.Call<Pipe.SinkChannel>> sinkCalls() {
        Map<String, StateTable.Call<Pipe.SinkChannel>> calls = new LinkedHashMap<>();
        putQuestions(calls);
        calls.put("write", sink -> sink.write(bytes("ab")));
        calls.put("write(nothing)", sink -> sink.write(bytes("")));
        calls.put("write(null)", sink -> sink.write((ByteBuffer) null));
        calls.put("write(array)", sink -> sink.write(buffers()));
        calls.put("write(array, 0, 0)", sink -> sink.write(buffers(), 0, 0));
        calls.put("write(array, 1, 2)", sink -> sink.write(buffers(), 1, 2));
        calls.put("register(READ)", sink -> register(sink, SelectionKey.OP_READ));
        calls.put("register(valid)", sink -> register(sink, sink.validOps()));
        return calls;
    }

    private static <C extends SelectableChannel> void putQuestions(Map<String, StateTable.Call<C>> calls) {
        calls.put("isOpen", SelectableChannel::isOpen);
        calls.put("isBlocking", SelectableChannel::isBlocking);
        calls.put("isRegistered", SelectableChannel::isRegistered);
        calls.put("validOps", SelectableChannel::validOps);
        calls.put("configureBlocking", channel -> channel.configureBlocking(true));
        calls.put("register(0)", channel -> register(channel, 0));
        calls.put("close", channel -> {
            channel.close();
            return channel.isOpen();
        });
    }

    private static ByteBuffer[] buffers() {
        return new ByteBuffer[] {ByteBuffer.allocate(1), ByteBuffer.allocate(1)};
    }

    private static String register(SelectableChannel channel, int operations) throws IOException {
        try (Selector selector = channel.provider().openSelector()) {
            return "key for " + channel.register(selector, operations).interestOps();
        }
    }
}
