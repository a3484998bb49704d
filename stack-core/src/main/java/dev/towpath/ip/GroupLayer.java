package dev.towpath.ip;

import dev.towpath.buffer.Frame;
import dev.towpath.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/** What a transport that sends to many, and hears what is sent to many, sees of IP besides. */
public interface GroupLayer extends IpLayer {
    /**
     * The way to a broadcast or multicast address by an interface of the caller's choice.
     *
     * @param source as for {@link #route}
     * @return null if the source can't be used there
     */
    @Nullable
    Path routeBy(int interfaceIndex, @Nullable IpAddress source, IpAddress group);

    /**
     * The index of the interface by which this host listens to {@code group} unless told by which: that by which it
     * would send there. Negative if there is none.
     */
    int interfaceTowards(IpAddress group);

    /** The index of the interface of that name, or of the one that has the address written so; negative for none. */
    int interfaceNamed(String nameOrAddress);

    /** The name of an interface. */
    String interfaceName(int index);

    /**
     * One listener on an interface wants to hear other senders to {@code group} than before (RFC 9776 section 2). IP
     * takes in what some listener wants, and routers are told.
     *
     * @param before what the same listener asked for last; {@link SourceFilter#NONE} for a new one
     * @param after what it asks for now; {@link SourceFilter#NONE} for one that leaves
     */
    void listen(int interfaceIndex, IpAddress group, SourceFilter before, SourceFilter after);

    /**
     * As {@link #send}, to a broadcast or multicast address, and to this host's own listeners on that interface.
     *
     * @param hopLimit to a multicast address 0 means that it does not leave this host (RFC 1112 section 6.1)
     * @param flags as for {@link #send}
     * @param loop of a multicast: are this host's own listeners to hear it? (A broadcast is for everybody.)
     */
    void sendToGroup(Path path, Frame frame, int protocol, int hopLimit, int trafficClass, int flags, boolean loop);
}
