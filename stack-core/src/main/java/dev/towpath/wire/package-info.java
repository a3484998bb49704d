/**
 * Wire formats, and nothing else: what the bytes of a packet mean, not what to do about them.
 *
 * <pre>
 *   EthernetHeader  [ ArpHeader | Ipv4Header  [ IcmpHeader | UdpHeader | TcpHeader + TcpOptions ] ]
 * </pre>
 *
 * <p>One file for each header, always in the same order: picture, offsets, getters, setters, checksum, validate. Each
 * is a set of static accessors over a buffer in network byte order and the offset of the header in it; nothing is
 * allocated. Once {@code validate} has accepted a header, no accessor throws.
 *
 * <p>{@code Checksum} is what they have in common, {@code IpAddress}, {@code MacAddress}, {@code IpPrefix} and
 * {@code Endpoint} are addresses for people and configuration (packets carry their bits in primitives), and
 * {@code PacketText} writes any frame as one line.
 */
@NullMarked
package dev.towpath.wire;

import org.jspecify.annotations.NullMarked;
