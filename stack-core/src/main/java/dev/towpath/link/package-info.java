/** Link devices: what a stack sends Ethernet frames through. Decorators capture or impair any device. */
@NullMarked
package dev.towpath.link;

import org.jspecify.annotations.NullMarked;
