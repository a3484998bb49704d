package dev.towpath.demux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.ip.IpLayer;
import dev.towpath.testing.Allocations;
import dev.towpath.wire.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlowTableTest {
    private static final IpAddress LOCAL = IpAddress.parse("192.0.2.2");
    private static final IpAddress REMOTE = IpAddress.parse("198.51.100.7");

    private final FlowTable table = new FlowTable(1, 2);

    @Test
    void findsByTheWholeTuple() {
        Tuple tuple = new Tuple(IpLayer.TCP, LOCAL, 80, REMOTE, 50_000);
        TestFlow flow = tuple.flow();
        assertThat(table.add(flow)).isTrue();
        assertThat(tuple.in(table)).isSameAs(flow);
        assertThat(new Tuple(IpLayer.UDP, LOCAL, 80, REMOTE, 50_000).in(table)).isNull();
        assertThat(new Tuple(IpLayer.TCP, REMOTE, 80, REMOTE, 50_000).in(table)).isNull();
        assertThat(new Tuple(IpLayer.TCP, LOCAL, 81, REMOTE, 50_000).in(table)).isNull();
        assertThat(new Tuple(IpLayer.TCP, LOCAL, 80, LOCAL, 50_000).in(table)).isNull();
        assertThat(new Tuple(IpLayer.TCP, LOCAL, 80, REMOTE, 50_001).in(table)).isNull();
    }

    @Test
    void aTakenKeyIsRefusedAndAStrangerIsNotRemoved() {
        Tuple tuple = new Tuple(IpLayer.TCP, LOCAL, 80, REMOTE, 50_000);
        TestFlow first = tuple.flow();
        TestFlow second = tuple.flow();
        assertThat(table.add(first)).isTrue();
        assertThat(table.add(second)).isFalse();
        assertThat(table.remove(second)).isFalse();
        assertThat(tuple.in(table)).isSameAs(first);
        assertThat(table.remove(first)).isTrue();
        assertThat(table.remove(first)).isFalse();
        assertThat(table.size()).isZero();
    }

    @Test
    void addressesOfBothVersionsLiveTogether() {
        Tuple v4 = new Tuple(IpLayer.TCP, LOCAL, 80, REMOTE, 50_000);
        Tuple v6 =
                new Tuple(IpLayer.TCP, IpAddress.ofBits(0, LOCAL.v4()), 80, IpAddress.ofBits(1, REMOTE.low()), 50_000);
        TestFlow flow4 = v4.flow();
        TestFlow flow6 = v6.flow();
        assertThat(table.add(flow4)).isTrue();
        assertThat(table.add(flow6)).isTrue();
        assertThat(v4.in(table)).isSameAs(flow4);
        assertThat(v6.in(table)).isSameAs(flow6);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void behavesLikeAHashMap(long seed) {
        Random random = new Random(seed);
        FlowTable subject = new FlowTable(random.nextLong(), random.nextLong());
        Map<Tuple, TestFlow> model = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            Tuple tuple = Tuple.random(random, 12);
            TestFlow known = model.get(tuple);
            assertThat(tuple.in(subject)).isSameAs(known);
            if (known == null) {
                TestFlow flow = tuple.flow();
                assertThat(subject.add(flow)).isTrue();
                model.put(tuple, flow);
            } else if (random.nextInt(100) < 80) {
                assertThat(subject.remove(known)).isTrue();
                model.remove(tuple);
            }
            assertThat(subject.size()).isEqualTo(model.size());
        }
        model.forEach((tuple, flow) -> assertThat(tuple.in(subject)).isSameAs(flow));
        List<Flow> all = new ArrayList<>();
        subject.forEach(all::add);
        assertThat(all).containsExactlyInAnyOrderElementsOf(model.values());
        for (int port = 0; port < 12; port++) {
            int wanted = port;
            assertThat(subject.flowsOnPort(IpLayer.TCP, port)).isEqualTo((int) model.keySet().stream()
                    .filter(t -> t.protocol == IpLayer.TCP && t.localPort == wanted)
                    .count());
        }
    }

    @Test
    void endpointsWhoseHashesAreEqualAreToldApart() { // 300,000 endpoints: some ten pairs share all 32 bits
        List<TestFlow> flows = new ArrayList<>();
        for (int i = 0; i < 300_000; i++) {
            TestFlow flow =
                    new Tuple(IpLayer.TCP, LOCAL, 1 + i % 5, IpAddress.v4(0xc633_6400 | i >>> 16), i & 0xffff).flow();
            if (table.add(flow)) {
                flows.add(flow);
            }
        }
        assertThat(table.size()).isEqualTo(flows.size()).isEqualTo(300_000);
        flows.forEach(flow -> assertThat(flow.tuple.in(table)).isSameAs(flow));
        flows.forEach(flow -> assertThat(table.remove(flow)).isTrue());
        assertThat(table.size()).isZero();
        flows.forEach(flow -> assertThat(flow.tuple.in(table)).isNull());
    }

    @Test
    void spreadDependsOnTheRemoteEndAndTheKey() {
        FlowTable other = new FlowTable(3, 4);
        int same = 0;
        List<Integer> buckets = new ArrayList<>(List.of(0, 0, 0, 0));
        for (int port = 1024; port < 5120; port++) {
            int spread = table.spread(REMOTE.high(), REMOTE.low(), port, 80);
            same += spread == other.spread(REMOTE.high(), REMOTE.low(), port, 80) ? 1 : 0;
            buckets.set(spread >>> 30, buckets.get(spread >>> 30) + 1);
        }
        assertThat(same).isLessThan(3);
        assertThat(buckets).allSatisfy(n -> assertThat(n).isBetween(850, 1200));
    }

    @Test
    void lookingUpAllocatesNothing() {
        List<TestFlow> flows = new ArrayList<>();
        for (int i = 1; i <= 1000; i++) {
            TestFlow flow = new Tuple(IpLayer.TCP, LOCAL, 80, REMOTE, i).flow();
            flows.add(flow);
            table.add(flow);
        }
        int[] next = {0};
        Allocations.assertNone(() -> {
            TestFlow flow = flows.get(next[0]++ % flows.size());
            if (find(flow) != flow) {
                throw new AssertionError("not found");
            }
        });
    }

    private @Nullable Flow find(Flow flow) {
        return table.find(
                flow.protocol(),
                flow.localHigh(),
                flow.localLow(),
                flow.localPort(),
                flow.remoteHigh(),
                flow.remoteLow(),
                flow.remotePort());
    }

    record Tuple(int protocol, IpAddress local, int localPort, IpAddress remote, int remotePort) {
        static Tuple random(Random random, int choices) {
            return new Tuple(
                    random.nextBoolean() ? IpLayer.TCP : IpLayer.UDP,
                    LOCAL,
                    random.nextInt(choices),
                    IpAddress.v4(0xc633_6400 + random.nextInt(choices)),
                    random.nextInt(choices));
        }

        TestFlow flow() {
            return new TestFlow(this);
        }

        @Nullable
        Flow in(FlowTable table) {
            return table.find(protocol, local.high(), local.low(), localPort, remote.high(), remote.low(), remotePort);
        }
    }

    static final class TestFlow extends Flow {
        final Tuple tuple;

        TestFlow(Tuple tuple) {
            super(
                    tuple.protocol,
                    tuple.local.high(),
                    tuple.local.low(),
                    tuple.localPort,
                    tuple.remote.high(),
                    tuple.remote.low(),
                    tuple.remotePort);
            this.tuple = tuple;
        }
    }
}
