/** TCP: RFC 9293 from top to bottom. */
@NullMarked
package dev.towpath.tcp;

import org.jspecify.annotations.NullMarked;
