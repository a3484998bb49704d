package dev.towpath.sim;

import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives networks and addresses to cards that have none, all from ranges that are nobody's: the three for documentation
 * first (RFC 5737), then pieces of the one for measurements (RFC 2544, 198.18.0.0/15).
 */
final class AddressPlan {
    private static final List<IpPrefix> DOCUMENTATION = List.of(
            IpPrefix.parse("192.0.2.0/24"), IpPrefix.parse("198.51.100.0/24"), IpPrefix.parse("203.0.113.0/24"));
    private static final IpPrefix MEASUREMENTS = IpPrefix.parse("198.18.0.0/15");
    private static final int SMALLEST = 4; // a /30: two addresses, network and broadcast

    private final Set<IpPrefix> taken = new LinkedHashSet<>();
    /** All measurement addresses before this one are taken, or will be left alone. */
    private int next = MEASUREMENTS.address().v4();

    /** A plan that keeps clear of the networks that some of the cards are in already. */
    AddressPlan(List<List<LinkEnd>> segments) {
        for (List<LinkEnd> cards : segments) {
            cards.stream()
                    .filter(LinkEnd::hasAddress)
                    .map(card -> card.address().network())
                    .distinct()
                    .forEach(this::take);
        }
    }

    private void take(IpPrefix network) {
        for (IpPrefix other : taken) {
            if (overlap(network, other)) {
                throw new IllegalStateException("two networks without a common link have the addresses " + network
                        + " and " + other + "; give their hosts addresses that do not overlap");
            }
        }
        taken.add(network);
    }

    private static boolean overlap(IpPrefix one, IpPrefix other) {
        return one.contains(other.address()) || other.contains(one.address());
    }

    /** Numbers the cards of one network in their order. */
    void number(List<LinkEnd> cards) {
        Set<IpAddress> used = new HashSet<>();
        IpPrefix given = given(cards, used);
        IpPrefix network = given != null ? given : free(cards.size() + 2);
        int number = network.address().v4() + 1;
        for (LinkEnd card : cards) {
            if (!card.hasAddress()) {
                while (used.contains(IpAddress.v4(number))) {
                    number++;
                }
                if (!hasRoomFor(network, number)) {
                    throw new IllegalStateException(network + " has no address left for " + card.node());
                }
                card.address(new IpPrefix(IpAddress.v4(number++), network.length()));
            }
        }
    }

    /** The network in which some of the cards are by their owners' wish, or null; their addresses go into {@code used}. */
    private static @Nullable IpPrefix given(List<LinkEnd> cards, Set<IpAddress> used) {
        IpPrefix network = null;
        for (LinkEnd card : cards) {
            if (card.hasAddress()) {
                if (network != null && !network.equals(card.address().network())) {
                    throw new IllegalStateException(card.node() + " has the address " + card.address()
                            + ", but is linked to a host in " + network + " without a router between them");
                }
                network = card.address().network();
                if (!used.add(card.address().address())) {
                    throw new IllegalStateException(
                            "two hosts have the address " + card.address().address());
                }
            }
        }
        return network;
    }

    private static boolean hasRoomFor(IpPrefix network, int number) {
        return network.contains(IpAddress.v4(number)) && !(network.hasBroadcast() && network.broadcastV4() == number);
    }

    private IpPrefix free(int addresses) {
        for (IpPrefix each : DOCUMENTATION) {
            if (addresses <= 256 && taken.stream().noneMatch(other -> overlap(each, other))) {
                taken.add(each);
                return each;
            }
        }
        int size = Math.max(SMALLEST, Integer.highestOneBit(addresses - 1) << 1);
        int length = 32 - Integer.numberOfTrailingZeros(size);
        for (int at = (next + size - 1) & -size; MEASUREMENTS.contains(IpAddress.v4(at)); at += size) {
            IpPrefix piece = new IpPrefix(IpAddress.v4(at), length);
            next = at + size;
            if (taken.stream().noneMatch(other -> overlap(piece, other))) {
                taken.add(piece);
                return piece;
            }
        }
        throw new IllegalStateException(
                "no range of " + addresses + " addresses is left; give some hosts addresses of their own");
    }
}
