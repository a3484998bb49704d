package dev.towpath.parity;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every method of a Selector and of a SelectionKey in every state that they can be in. */
class SelectorStatesTest extends ParityTest {
    private interface Setup<C> {
        C open() throws IOException;
    }

    /** A key that can be closed with its channel. */
    private record Key(SelectionKey key) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            key.channel().close();
        }
    }

    @Test
    void everyCallOnASelector() throws Exception {
        StateTable table = new StateTable("selector.txt", world);
        for (Map.Entry<String, Setup<Selector>> state : selectors().entrySet()) {
            for (Map.Entry<String, StateTable.Call<Selector>> call :
                    selectorCalls().entrySet()) {
                table.record(state.getKey(), call.getKey(), state.getValue().open(), call.getValue());
            }
        }
        table.check();
    }

    @Test
    void everyCallOnAKey() throws Exception {
        StateTable table = new StateTable("selection-key.txt", world);
        for (Map.Entry<String, Setup<Key>> state : keys().entrySet()) {
            for (Map.Entry<String, StateTable.Call<Key>> call : keyCalls().entrySet()) {
                table.record(state.getKey(), call.getKey(), state.getValue().open(), call.getValue());
            }
        }
        table.check();
    }

    private Map<String, Setup<Selector>> selectors() {
        Map<String, Setup<Selector>> states = new LinkedHashMap<>();
        states.put("without keys", this::selector);
        states.put("nothing ready", () -> key(SelectionKey.OP_READ).selector());
        states.put("ready", () -> key(SelectionKey.OP_WRITE).selector());
        states.put("woken up", () -> key(SelectionKey.OP_READ).selector().wakeup());
        states.put("key cancelled", () -> {
            SelectionKey key = key(SelectionKey.OP_WRITE);
            key.cancel();
            return key.selector();
        });
        states.put("channel closed", () -> {
            SelectionKey key = key(SelectionKey.OP_WRITE);
            key.channel().close();
            return key.selector();
        });
        states.put("closed", () -> {
            Selector selector = key(SelectionKey.OP_WRITE).selector();
            selector.close();
            return selector;
        });
        return states;
    }

    private SelectionKey key(int interest) throws IOException {
        return nonBlockingConnection().near().register(selector(), interest);
    }

    private static Map<String, StateTable.Call<Selector>> selectorCalls() {
        Map<String, StateTable.Call<Selector>> calls = new LinkedHashMap<>();
        calls.put("isOpen", Selector::isOpen);
        calls.put("keys", selector -> selector.keys().size());
        calls.put("selectedKeys", selector -> selector.selectedKeys().size());
        calls.put("select", Selector::select);
        calls.put(
                "select, keys",
                selector -> selector.select() + ", " + selector.keys().size());
        calls.put("select(1)", selector -> selector.select(1));
        calls.put("select(-1)", selector -> selector.select(-1));
        calls.put("selectNow", Selector::selectNow);
        calls.put("select(action)", selector -> selector.select(key -> {}));
        calls.put("select(action, -1)", selector -> selector.select(key -> {}, -1));
        calls.put("select(null)", selector -> selector.select(null));
        calls.put("selectNow(action)", selector -> selector.selectNow(key -> {}));
        calls.put("selectNow(null)", selector -> selector.selectNow(null));
        calls.put("wakeup", selector -> selector.wakeup() == selector);
        calls.put("close", selector -> {
            selector.close();
            return selector.isOpen();
        });
        return calls;
    }

    private Map<String, Setup<Key>> keys() {
        Map<String, Setup<Key>> states = new LinkedHashMap<>();
        states.put("registered", () -> new Key(key(SelectionKey.OP_WRITE)));
        states.put("selected", () -> {
            SelectionKey key = key(SelectionKey.OP_WRITE);
            key.selector().select();
            return new Key(key);
        });
        states.put("cancelled", () -> {
            SelectionKey key = key(SelectionKey.OP_WRITE);
            key.cancel();
            return new Key(key);
        });
        states.put("deregistered", () -> {
            SelectionKey key = key(SelectionKey.OP_WRITE);
            key.cancel();
            key.selector().selectNow();
            return new Key(key);
        });
        states.put("channel closed", () -> {
            SelectionKey key = key(SelectionKey.OP_WRITE);
            key.channel().close();
            return new Key(key);
        });
        states.put("selector closed", () -> {
            SelectionKey key = key(SelectionKey.OP_WRITE);
            key.selector().close();
            return new Key(key);
        });
        return states;
    }

    private static Map<String, StateTable.Call<Key>> keyCalls() {
        Map<String, StateTable.Call<Key>> calls = new LinkedHashMap<>();
        calls.put("isValid", key -> key.key.isValid());
        calls.put("interestOps", key -> key.key.interestOps());
        calls.put(
                "interestOps(READ)",
                key -> key.key.interestOps(SelectionKey.OP_READ).interestOps());
        calls.put("interestOps(0)", key -> key.key.interestOps(0).interestOps());
        calls.put("interestOps(ACCEPT)", key -> key.key.interestOps(SelectionKey.OP_ACCEPT));
        calls.put("interestOps(-1)", key -> key.key.interestOps(-1));
        calls.put("interestOpsOr(READ)", key -> key.key.interestOpsOr(SelectionKey.OP_READ));
        calls.put("interestOpsOr(ACCEPT)", key -> key.key.interestOpsOr(SelectionKey.OP_ACCEPT));
        calls.put("interestOpsAnd(0)", key -> key.key.interestOpsAnd(0));
        calls.put("readyOps", key -> key.key.readyOps());
        calls.put("isReadable", key -> key.key.isReadable());
        calls.put("isWritable", key -> key.key.isWritable());
        calls.put("isConnectable", key -> key.key.isConnectable());
        calls.put("isAcceptable", key -> key.key.isAcceptable());
        calls.put("attach", key -> key.key.attach("a") + ", " + key.key.attachment());
        calls.put("channel.keyFor", key -> key.key.channel().keyFor(key.key.selector()) == key.key);
        calls.put("channel.isRegistered", key -> key.key.channel().isRegistered());
        calls.put("selector.keys", key -> key.key.selector().keys().size());
        calls.put("register again", key -> key.key.channel().register(key.key.selector(), 1, "b") == key.key);
        calls.put("configureBlocking", key -> key.key.channel().configureBlocking(true));
        calls.put("cancel", key -> {
            key.key.cancel();
            return key.key.isValid() + ", " + key.key.channel().isRegistered();
        });
        return calls;
    }
}
