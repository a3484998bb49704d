/** The seam between transports and IP: what TCP and UDP see of whichever IP version carries them. */
@NullMarked
package dev.towpath.ip;

import org.jspecify.annotations.NullMarked;
