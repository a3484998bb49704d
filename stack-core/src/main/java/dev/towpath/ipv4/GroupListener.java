package dev.towpath.ipv4;

import dev.towpath.ip.SourceFilter;

/** Who tells routers which groups this host listens to: IGMP. Declared here so that IP does not know who is above it. */
@FunctionalInterface
public interface GroupListener {
    /**
     * On an interface that is not loopback, other sources of {@code group} are wanted than before; it is not 224.0.0.1,
     * which every host is in without saying so (RFC 1112 section 4).
     */
    void filterChanged(NetworkInterface on, int group, SourceFilter before, SourceFilter after);
}
