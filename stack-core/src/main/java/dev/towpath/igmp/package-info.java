/**
 * IGMP for hosts (RFC 9776, with RFC 2236 and RFC 1112 where a router speaks only those): tells routers which multicast
 * groups this host listens to, and to whom in them.
 *
 * <pre>
 *   UdpEndpoint.join --> GroupLayer.listen --> Ipv4Layer: what all listeners want together
 *                                                 | if that has changed
 *                                                 v
 *   query --> Input --> IgmpLayer --> Reporter, one for each interface: what to say and when --> ReportWriter --> Ipv4Layer
 * </pre>
 */
@NullMarked
package dev.towpath.igmp;

import org.jspecify.annotations.NullMarked;
