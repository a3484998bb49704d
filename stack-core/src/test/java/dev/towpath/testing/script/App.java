package dev.towpath.testing.script;

import dev.towpath.ip.Path;
import dev.towpath.ip.TransportError;
import dev.towpath.tcp.Listener;
import dev.towpath.tcp.State;
import dev.towpath.tcp.Tcb;
import dev.towpath.tcp.TcpSettings;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The application on the stack, at its end of one conversation. It sends {@link Pattern#APP} and checks that it reads
 * {@link Pattern#PEER}. Whatever becomes readable, writable, ended or failed by something that it did not do itself, it
 * must have been told of: that is checked after every act of a script.
 */
public final class App {
    private static final int PLENTY = 1 << 22;

    private final Conversation conversation;
    private @Nullable TcpSettings settings;
    private @Nullable Tcb tcb;
    private long written;
    private long read;
    private boolean closed;
    private int told;
    private int toldBefore;
    private Readiness before = Readiness.NONE;

    /** What poll and its kin look at. */
    private record Readiness(
            int available,
            boolean inputEnded,
            boolean writable,
            boolean established,
            boolean acknowledged,
            @Nullable TransportError failure) {
        static final Readiness NONE = new Readiness(0, false, false, false, true, null);

        boolean moreThan(Readiness before) {
            return available > before.available
                    || (inputEnded && !before.inputEnded)
                    || (writable && !before.writable)
                    || (established && !before.established)
                    || (acknowledged && !before.acknowledged)
                    || (failure != before.failure);
        }
    }

    App(Conversation conversation) {
        this.conversation = conversation;
    }

    /** Changes socket options: of the connection if there is one, else of what it listens for or connects with. */
    public void options(Consumer<TcpSettings> change) {
        Tcb connection = tcb;
        if (connection == null) {
            change.accept(settings());
            return;
        }
        step("changes options", () -> {
            change.accept(connection.ownSettings());
            connection.settingsChanged();
        });
    }

    /** Of what it will listen for or connect with: the stack's, until a script changes them. */
    private TcpSettings settings() {
        TcpSettings own = settings;
        if (own == null) {
            own = conversation.rig().tcp().newSettings();
            own.fixSendBuffer(own.sendBuffer); // what a script says of windows should not depend on tuning
            own.fixReceiveBuffer(own.receiveBuffer);
            settings = own;
        }
        return own;
    }

    /** Listens with room for plenty. */
    public void listens() {
        listens(128);
    }

    /** Listens. */
    public void listens(int backlog) {
        conversation.rig().listens(backlog, settings());
    }

    /** Begins to connect. */
    public void connects() {
        step("connects", () -> {
            Path path = conversation.rig().ip().route(null, Rig.PEER);
            if (path == null) {
                throw new IllegalStateException("the rig has no route to " + Rig.PEER);
            }
            written = 0;
            read = 0;
            before = Readiness.NONE;
            closed = false;
            tcb = conversation
                    .rig()
                    .tcp()
                    .connect(path, conversation.localPort(), conversation.remotePort(), settings(), this::tell);
        });
    }

    /** Accepts the oldest connection, which must be this conversation's. */
    public void accepts() {
        step("accepts", this::accept);
    }

    /** Writes {@code bytes} bytes, all of which the stack must take. */
    public void writes(int bytes) {
        write(bytes, false);
    }

    /** Writes {@code bytes} bytes and says that more follow (MSG_MORE). */
    public void writesMore(int bytes) {
        write(bytes, true);
    }

    /** Switches TCP_NODELAY on as a socket does: what waits goes. */
    public void pushes() {
        step("pushes", () -> connection().push());
    }

    /** Sets TCP_QUICKACK. */
    public void quickAck(boolean on) {
        step("sets TCP_QUICKACK to " + on, () -> connection().quickAck(on));
    }

    /** Writes as much as the stack takes; returns how much. */
    public int writesAllItCan() {
        int[] taken = new int[1];
        step("writes all it can", () -> taken[0] = send(PLENTY, false));
        return taken[0];
    }

    /** A write finds no room, or nobody to send to any more. */
    public void canNotWrite() {
        require(connection().sendSpace() == 0 || connection().outputEnded(), "the application can still write");
        require(send(1, false) == 0, "a byte was taken although there is no room");
    }

    /** Reads exactly what is there, which must be {@code bytes} bytes and the right ones. */
    public void reads(int bytes) {
        require(
                connection().available() == bytes,
                bytes + " bytes should be readable, not " + connection().available());
        readsUpTo(bytes);
    }

    /** Reads {@code bytes} bytes of what is there and leaves the rest. */
    public void readsUpTo(int bytes) {
        step("reads " + bytes, () -> {
            ByteBuffer into = ByteBuffer.allocate(bytes);
            int copied = connection().receive(into, false);
            require(copied == bytes, bytes + " bytes should have been read, not " + copied);
            int wrong = Pattern.PEER.mismatch(read, into.array());
            require(wrong < 0, "byte " + (read + wrong) + " of the stream is wrong");
            read += bytes;
        });
    }

    /** Looks at what is there without taking it. */
    public void peeks(int bytes) {
        step("peeks " + bytes, () -> {
            ByteBuffer into = ByteBuffer.allocate(bytes);
            int copied = connection().receive(into, true);
            require(copied == bytes, bytes + " bytes should have been seen, not " + copied);
            require(Pattern.PEER.mismatch(read, into.array()) < 0, "the bytes are wrong");
        });
    }

    /** Nothing is to be read, and the stream has not ended. */
    public void readsNothing() {
        require(connection().available() == 0, connection().available() + " bytes are readable");
        require(!connection().inputEnded(), "the stream has ended");
    }

    /** No more to send. */
    public void shutsDown() {
        step("shuts down output", () -> connection().shutdownOutput());
    }

    /** No more to receive. */
    public void shutsDownInput() {
        step("shuts down input", () -> connection().shutdownInput());
    }

    /** Done with the connection. */
    public void closes() {
        step("closes", () -> {
            connection().close();
            closed = true;
        });
    }

    /** Ends the connection with a reset. */
    public void aborts() {
        step("aborts", () -> connection().abort());
    }

    /** It has been told, and sees, that the stream has ended. */
    public void seesTheEnd() {
        require(connection().available() == 0, connection().available() + " bytes are still readable");
        require(connection().inputEnded(), "the stream has not ended");
    }

    /** It has been told that the connection failed, and why. */
    public void isTold(TransportError why) {
        require(
                connection().failure() == why,
                "the failure should be " + why + ", not " + connection().failure());
        require(stateNow() == State.CLOSED, "the connection has failed but is in " + stateNow());
    }

    /** Nothing is wrong with the connection. */
    public void isFine() {
        require(
                connection().failure() == null,
                "the connection failed: " + connection().failure());
    }

    /** The connection's state. */
    public void isIn(State state) {
        require(stateNow() == state, "the state should be " + state + ", not " + stateNow());
    }

    /** The connection, once there is one. */
    public Tcb connection() {
        if (tcb == null) {
            accept();
        }
        Tcb connection = tcb;
        if (connection == null) {
            throw failure("there is no connection");
        }
        return connection;
    }

    private State stateNow() {
        Tcb known = tcb == null ? unaccepted() : tcb;
        if (known != null) {
            return known.state() == State.CLOSED && inTimeWait() ? State.TIME_WAIT : known.state();
        }
        return conversation.rig().listening() ? State.LISTEN : State.CLOSED;
    }

    /** Its connection is over for the application, but the stack remembers the tuple. */
    private boolean inTimeWait() {
        boolean[] found = new boolean[1];
        conversation.rig().tcp().forEachTimeWait(flow -> found[0] |= flow.remotePort() == conversation.remotePort());
        return found[0];
    }

    /** A connection that the application does not have yet: in the listener's queues. */
    private @Nullable Tcb unaccepted() {
        Tcb[] found = new Tcb[1];
        conversation.rig().tcp().forEach(candidate -> {
            if (candidate.remotePort() == conversation.remotePort()) {
                found[0] = candidate;
            }
        });
        return found[0];
    }

    private void accept() {
        Listener listener = conversation.rig().listener();
        int pending = listener.pending();
        Tcb accepted = listener.accept();
        if (accepted == null) {
            throw failure("nothing to accept");
        }
        require(listener.pending() == pending - 1, "pending() does not count what accept() returns");
        require(
                accepted.remotePort() == conversation.remotePort(),
                "accepted the connection of port " + accepted.remotePort());
        require(accepted.remoteAddress().equals(Rig.PEER), "its remote address is " + accepted.remoteAddress());
        require(accepted.localAddress().equals(Rig.STACK), "its local address is " + accepted.localAddress());
        accepted.events(this::tell);
        tcb = accepted;
        closed = false;
        written = 0;
        read = 0;
        before = readiness();
    }

    private void write(int bytes, boolean more) {
        step("writes " + bytes + (more ? " and more follow" : ""), () -> {
            int taken = send(bytes, more);
            require(taken == bytes, "only " + taken + " of " + bytes + " bytes were taken");
        });
    }

    private int send(int bytes, boolean more) {
        ByteBuffer data = ByteBuffer.allocate(bytes);
        Pattern.APP.fill(written, data);
        int taken = connection().send(data.flip(), more);
        require(data.position() == taken, "send returned " + taken + " but moved the position to " + data.position());
        written += taken;
        return taken;
    }

    private void tell(Tcb about) {
        told++;
    }

    private void step(String what, Runnable act) {
        conversation.rig().step(conversation.remotePort() + " app", what, () -> {
            act.run();
            told++; // it has looked itself
        });
    }

    /** The script is over: what is still unread is given back. */
    void leaves() {
        if (tcb != null) {
            tcb.close();
        }
    }

    void remember() {
        toldBefore = told;
        before = readiness();
    }

    void checkTold() {
        Readiness now = readiness();
        if (!closed && now.moreThan(before) && told == toldBefore) {
            throw failure("the application was not told: " + before + " became " + now);
        }
    }

    private Readiness readiness() {
        Tcb connection = tcb;
        return connection == null
                ? Readiness.NONE
                : new Readiness(
                        connection.available(),
                        connection.inputEnded(),
                        connection.writable(),
                        connection.wasEstablished(),
                        connection.unacknowledged() == 0,
                        connection.failure());
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw failure(otherwise);
        }
    }

    private AssertionError failure(String message) {
        return conversation.rig().transcript().failure(message);
    }
}
