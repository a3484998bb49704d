/** ICMP for IPv4 (RFC 792, RFC 1122 section 3.2.2): echo both ways, errors sent and received. */
@NullMarked
package dev.towpath.icmp;

import org.jspecify.annotations.NullMarked;
