package dev.towpath.ipv4;

import dev.towpath.wire.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Routes by longest prefix (RFC 1122 section 3.3.1, RFC 1812 section 5.2.4.3). Asked when a path is made, not for each
 * packet: every change moves the generation on, by which paths notice that they are out of date.
 */
public final class RouteTable {
    /** Longest prefix first; among equal ones the oldest first. */
    private final List<Route> routes = new ArrayList<>();

    private int generation;

    RouteTable() {}

    /** Adds {@code route}; false if it is there already. */
    public boolean add(Route route) {
        if (routes.contains(route)) {
            return false;
        }
        int at = 0;
        while (at < routes.size()
                && routes.get(at).destination().length() >= route.destination().length()) {
            at++;
        }
        routes.add(at, route);
        changed();
        return true;
    }

    /** Removes {@code route}; false if it was not there. */
    public boolean remove(Route route) {
        boolean removed = routes.remove(route);
        if (removed) {
            changed();
        }
        return removed;
    }

    /** The route with the longest prefix of {@code destination}, or null. */
    public @Nullable Route find(IpAddress destination) {
        for (Route route : routes) {
            if (route.destination().contains(destination)) {
                return route;
            }
        }
        return null;
    }

    /** All routes, longest prefix first. */
    public List<Route> list() {
        return List.copyOf(routes);
    }

    /** Moves on with each change of routes, addresses or interfaces. */
    int generation() {
        return generation;
    }

    void changed() {
        generation++;
    }
}
