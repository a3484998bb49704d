/** UDP: RFC 768. */
@NullMarked
package dev.towpath.udp;

import org.jspecify.annotations.NullMarked;
