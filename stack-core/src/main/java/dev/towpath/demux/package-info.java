/**
 * Which endpoint gets a packet.
 *
 * <pre>
 *   5-tuple --> FlowTable: connected endpoints -----------------------------------> Flow (tcp.Tcb, a connected UDP endpoint)
 *                   | none
 *                   v
 *               PortTable: by local port, then by most specific local address ----> Binding's receiver (tcp.Listener, udp.UdpEndpoint)
 *                   | none
 *                   v
 *               reset or port unreachable
 * </pre>
 *
 * <p>What outsiders choose is hashed with a secret key ({@link dev.towpath.demux.SipHash}).
 */
@NullMarked
package dev.towpath.demux;

import org.jspecify.annotations.NullMarked;
