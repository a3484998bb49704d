/**
 * IPv4 (RFC 791): validation, routes, several interfaces, fragmentation and reassembly.
 *
 * <pre>
 *   LinkDevice --frame--> NetworkInterface.receive --> EthernetPort --> Ipv4Layer: validate --> Reassembler --> TransportHandler
 *   transport --> Ipv4Layer.send(path): header, fragments --> Ipv4Path: interface, neighbour --> ArpLayer --> EthernetPort --> LinkDevice
 * </pre>
 *
 * How a stack is put together:
 *
 * <pre>
 *   Ipv4Layer ip = new Ipv4Layer(new Ipv4Layer.Parts(Ipv4Config.DEFAULT, frames, buffers, wheel, clock, random, mib));
 *   NetworkInterface lo = ip.addLoopback("lo", loopbackDevice);          // 127.0.0.1/8 and all own addresses
 *   NetworkInterface tap = ip.addInterface("tap0", device);
 *   ip.addAddress(tap, IpPrefix.parse("192.0.2.2/24"));                  // with its on-link route; announced by ARP
 *   ip.routes().add(Route.gateway(IpPrefix.DEFAULT_V4, gateway, tap));
 *   IcmpLayer icmp = new IcmpLayer(IcmpConfig.DEFAULT, ip, frames, clock, random, mib);
 *   ip.register(IcmpLayer.PROTOCOL, icmp);
 *   ip.errorSender(icmp);
 *   IgmpLayer igmp = new IgmpLayer(new IgmpLayer.Parts(ip, frames, wheel, clock, random, mib));
 *   ip.register(IgmpLayer.PROTOCOL, igmp);
 *   ip.groupListener(igmp);                              // who is told which groups somebody here listens to
 *   // for each frame that a device has: interface.receive(frame), which lends it; then frame.release()
 * </pre>
 */
@NullMarked
package dev.towpath.ipv4;

import org.jspecify.annotations.NullMarked;
