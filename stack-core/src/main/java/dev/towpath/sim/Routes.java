package dev.towpath.sim;

import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The networks of IP that the nodes' links and switches make, and the shortest ways between them: what an administrator
 * would configure.
 */
final class Routes {
    /** By way of a gateway, which is a neighbour, to a network. */
    record Via(IpPrefix destination, IpAddress gateway) {}

    /** The cards that hear each other without a router. */
    private static final class Segment {
        private final List<LinkEnd> cards;

        Segment(List<LinkEnd> cards) {
            this.cards = cards;
        }

        List<LinkEnd> cards() {
            return cards;
        }

        IpPrefix prefix() {
            return cards.get(0).address().network();
        }
    }

    private final List<Segment> segments = new ArrayList<>();
    private final Map<LinkEnd, Segment> segmentOf = new LinkedHashMap<>();
    /** For each segment, how many routers away each other segment is. */
    private final Map<Segment, Map<Segment, Integer>> distances = new LinkedHashMap<>();

    /** Finds the networks and gives addresses to the cards that have none. */
    Routes(List<Link> links) {
        for (Link link : links) {
            for (LinkEnd end : List.of(link.near(), link.far())) {
                if (end.node().speaksIp() && !segmentOf.containsKey(end)) {
                    add(explore(end));
                }
            }
        }
        AddressPlan plan = new AddressPlan(segments.stream().map(Segment::cards).toList());
        segments.forEach(segment -> plan.number(segment.cards));
        segments.forEach(segment -> distances.put(segment, distancesFrom(segment)));
    }

    private void add(Segment segment) {
        segments.add(segment);
        segment.cards.forEach(card -> segmentOf.put(card, segment));
    }

    /** All cards that a broadcast of {@code first} reaches, in the order of their nodes' kinds: hosts before routers. */
    private static Segment explore(LinkEnd first) {
        List<LinkEnd> hosts = new ArrayList<>();
        List<LinkEnd> routers = new ArrayList<>();
        Set<Lan> switches = new LinkedHashSet<>();
        Deque<LinkEnd> toVisit = new ArrayDeque<>(List.of(first));
        Set<LinkEnd> seen = new LinkedHashSet<>(toVisit);
        int links = 0;
        while (!toVisit.isEmpty()) {
            LinkEnd end = toVisit.remove();
            if (end.node() instanceof Lan lan) {
                if (switches.add(lan)) {
                    lan.ends().stream().filter(seen::add).forEach(toVisit::add);
                }
            } else {
                (end.node() instanceof Host ? hosts : routers).add(end);
            }
            links += end == end.link().near() ? 1 : 0;
            if (seen.add(end.other())) {
                toVisit.add(end.other());
            }
        }
        if (links >= hosts.size() + routers.size() + switches.size()) {
            throw new IllegalStateException("the switches " + switches
                    + " are connected in a loop, in which frames would go round for ever; remove a link");
        }
        hosts.addAll(routers);
        return new Segment(hosts);
    }

    private Map<Segment, Integer> distancesFrom(Segment start) {
        Map<Segment, Integer> distance = new LinkedHashMap<>(Map.of(start, 0));
        Deque<Segment> toVisit = new ArrayDeque<>(distance.keySet());
        while (!toVisit.isEmpty()) {
            Segment segment = toVisit.remove();
            int next = distance.getOrDefault(segment, 0) + 1;
            for (LinkEnd card : segment.cards) {
                if (card.node() instanceof Router router) {
                    for (LinkEnd further : router.ends()) {
                        Segment neighbour = segmentOf(further);
                        if (distance.putIfAbsent(neighbour, next) == null) {
                            toVisit.add(neighbour);
                        }
                    }
                }
            }
        }
        return distance;
    }

    private Segment segmentOf(LinkEnd card) {
        Segment segment = segmentOf.get(card);
        if (segment == null) {
            throw new AssertionError(card + " is in no segment");
        }
        return segment;
    }

    /** Where {@code node} sends what is for networks that it is not part of; for a host one default route, if one will do. */
    List<Via> from(Node node) {
        if (node instanceof Host) {
            Set<IpAddress> neighbours = new LinkedHashSet<>();
            for (LinkEnd own : node.ends()) {
                segmentOf(own).cards.stream()
                        .filter(card -> card.node() instanceof Router)
                        .forEach(card -> neighbours.add(card.address().address()));
            }
            if (neighbours.size() == 1) {
                return List.of(
                        new Via(IpPrefix.DEFAULT_V4, neighbours.iterator().next()));
            }
        }
        List<Via> ways = new ArrayList<>();
        for (Segment target : segments) {
            IpAddress gateway = gateway(node, target);
            if (gateway != null) {
                ways.add(new Via(target.prefix(), gateway));
            }
        }
        return ways;
    }

    /** The neighbouring router that is nearest to {@code target}, or null if none leads there or none is needed. */
    private @Nullable IpAddress gateway(Node node, Segment target) {
        Map<Segment, Integer> distance = distances.getOrDefault(target, Map.of());
        int least = Integer.MAX_VALUE;
        IpAddress nearest = null;
        for (LinkEnd own : node.ends()) {
            Segment segment = segmentOf(own);
            if (segment == target) {
                return null;
            }
            for (LinkEnd card : segment.cards) {
                if (card.node() instanceof Router router && router != node) {
                    int hops = router.ends().stream()
                            .mapToInt(further -> distance.getOrDefault(segmentOf(further), Integer.MAX_VALUE))
                            .min()
                            .orElse(Integer.MAX_VALUE);
                    if (hops < least) {
                        least = hops;
                        nearest = card.address().address();
                    }
                }
            }
        }
        return nearest;
    }
}
