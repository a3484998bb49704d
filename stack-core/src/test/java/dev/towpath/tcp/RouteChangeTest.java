package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.syn;

import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.api.Test;

/** Routes change under a connection (RFC 1191 section 6.5 for what follows from another path). */
class RouteChangeTest extends PacketScript {
    @Test
    @Covers(Requirement.ROUTE_CHANGE)
    void anotherRouteBringsItsMtu() {
        established(syn(0).mss(1460));
        app.writes(1460);
        stack.sends(data(1, 1461));
        peer.sends(ack(1461));
        rig.ip().mtu(1040);
        rig.ip().routes(destination -> true);
        app.writes(2000);
        stack.sends(data(1461, 2461), data(2461, 3461));
    }

    @Test
    @Covers(Requirement.ROUTE_CHANGE)
    void withoutARouteTheConnectionWaitsForOne() {
        established();
        rig.ip().routes(destination -> false);
        app.writes(100);
        stack.sendsSomething(); // IP counts what it has no way for; the timers go on
        rig.ip().routes(destination -> true);
        clock.advanceSeconds(2);
        stack.sendsSomething();
        app.isFine();
        peer.sends(ack(101));
        stack.isQuietFor(seconds(10));
    }
}
