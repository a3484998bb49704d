/** How much may be in flight: pure arithmetic behind one small interface. */
@NullMarked
package dev.towpath.tcp.congestion;

import org.jspecify.annotations.NullMarked;
