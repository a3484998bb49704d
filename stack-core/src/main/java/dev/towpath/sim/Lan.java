package dev.towpath.sim;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.link.LinkDevice;
import dev.towpath.link.MemoryLink;
import dev.towpath.link.MemorySwitch;
import dev.towpath.stack.Participant;
import org.jspecify.annotations.Nullable;

/**
 * An Ethernet switch: what is connected to it, and to the switches that it is connected to, is one network of IP. Its
 * links are links like any other, so a port may be slow, or lose what passes.
 */
public final class Lan extends Node {
    private final FramePool frames;

    Lan(Network net, String name, FramePool frames) {
        super(net, name);
        this.frames = frames;
    }

    @Override
    boolean speaksIp() {
        return false;
    }

    @Override
    boolean mayReceive(Frame frame) {
        return true;
    }

    @Override
    void start(Routes routes) {
        MemorySwitch plugs = new MemorySwitch(ends().size(), MemoryLink.DEFAULT, frames);
        for (int i = 0; i < ends().size(); i++) {
            Patch patch = new Patch(ends().get(i), plugs.port(i));
            Runnable changed = net.simulation().add(patch);
            patch.cable.onArrival(changed);
            patch.port.onArrival(changed);
        }
    }

    /** A cable in a port: carries frames from one to the other in no time. */
    private static final class Patch implements Participant {
        private final LinkEnd cable;
        private final LinkDevice port;

        Patch(LinkEnd cable, LinkDevice port) {
            this.cable = cable;
            this.port = port;
        }

        @Override
        public long nextEventNanos() {
            return Math.min(cable.nextEventNanos(), port.nextEventNanos());
        }

        @Override
        public void act(long nowNanos) {
            carry(port, cable, nowNanos);
            carry(cable, port, nowNanos);
        }

        private static void carry(LinkDevice from, LinkDevice to, long nowNanos) {
            for (@Nullable Frame frame = from.receive(nowNanos); frame != null; frame = from.receive(nowNanos)) {
                boolean ignored = to.send(frame, nowNanos);
            }
        }
    }
}
