/**
 * UDP (RFC 768, RFC 1122 section 4.1).
 *
 * <pre>
 *   IP --datagram--> UdpLayer: length, checksum --> flow, or binding --> UdpEndpoint --> DatagramQueue --receive--> socket
 *   socket --send--> UdpEndpoint: path, header, checksum --> IP
 *   IP --ICMP error--> UdpLayer --> connected UdpEndpoint: reported at the next call
 * </pre>
 */
@NullMarked
package dev.towpath.udp;

import org.jspecify.annotations.NullMarked;
