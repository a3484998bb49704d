/**
 * ARP (RFC 826): which Ethernet address has an IPv4 neighbour on the link.
 *
 * <pre>
 *   Ipv4Path --send(neighbour, packet)--> ArpLayer --known--> EthernetPort
 *                                            |  unknown: the packet waits in its Neighbour, a request goes out
 *   EthernetPort --ARP frame--> ArpLayer: learn, answer, let waiting packets go
 * </pre>
 */
@NullMarked
package dev.towpath.arp;

import org.jspecify.annotations.NullMarked;
