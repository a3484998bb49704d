/** Time as an argument: clock, timers and the wheel that holds them. */
@NullMarked
package dev.towpath.time;

import org.jspecify.annotations.NullMarked;
