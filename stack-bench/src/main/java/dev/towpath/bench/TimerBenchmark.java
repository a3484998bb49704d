package dev.towpath.bench;

import dev.towpath.time.Timer;
import dev.towpath.time.TimerWheel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** A connection's timers among those of many idle connections: however many, it should cost the same. */
public class TimerBenchmark extends SteadyState {
    private static final long KEEP_ALIVE_NANOS = TimeUnit.HOURS.toNanos(2);
    private static final long RTO_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Between two events of a busy connection. */
    private static final long GAP_NANOS = 1000;

    /** Idle connections. */
    @Param({"10", "10000", "1000000"})
    public int connections;

    private TimerWheel wheel;
    private Timer retransmission;
    private Timer periodic;
    private long nowNanos;

    /** Arms the idle connections' keep-alive timers, spread over two hours. */
    @Setup
    public void arm() {
        nowNanos = 0;
        wheel = new TimerWheel(nowNanos);
        for (int i = 1; i <= connections; i++) {
            wheel.arm(rearmedAfter(KEEP_ALIVE_NANOS), i * (KEEP_ALIVE_NANOS / connections));
        }
        retransmission = rearmedAfter(RTO_NANOS);
        periodic = rearmedAfter(TICK_NANOS);
    }

    /** A request and its acknowledgement: the retransmission timer is started and stopped. */
    @Benchmark
    public int armAndCancel() {
        nowNanos += GAP_NANOS;
        wheel.arm(retransmission, nowNanos + RTO_NANOS);
        wheel.cancel(retransmission);
        return wheel.armed();
    }

    /** A bulk transfer: each acknowledgement moves the deadline on, and the driver polls. */
    @Benchmark
    public int rearmLaterAndPoll() {
        nowNanos += GAP_NANOS;
        wheel.arm(retransmission, nowNanos + RTO_NANOS);
        return wheel.poll(nowNanos);
    }

    /** The driver looks, and nothing is due. */
    @Benchmark
    public int pollIdle() {
        nowNanos += GAP_NANOS;
        return wheel.poll(nowNanos);
    }

    /** A timer expires and is armed again. */
    @Benchmark
    public int expireAndArm() {
        if (!periodic.armed()) {
            wheel.arm(periodic, nowNanos + TICK_NANOS);
        }
        nowNanos += TICK_NANOS;
        return wheel.poll(nowNanos);
    }

    /** How long the driver may sleep. */
    @Benchmark
    public long nextDeadline() {
        return wheel.nextDeadline();
    }

    private Timer rearmedAfter(long nanos) {
        Timer[] self = new Timer[1];
        self[0] = new Timer(now -> wheel.arm(self[0], now + nanos));
        return self[0];
    }
}
