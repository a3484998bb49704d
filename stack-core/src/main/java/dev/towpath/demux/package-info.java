/** Which endpoint gets a packet: connected ones by 5-tuple, the rest by port. */
@NullMarked
package dev.towpath.demux;

import org.jspecify.annotations.NullMarked;
