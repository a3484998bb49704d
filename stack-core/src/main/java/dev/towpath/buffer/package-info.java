/** Off-heap memory: frames and their pool, byte rings and their pool. */
@NullMarked
package dev.towpath.buffer;

import org.jspecify.annotations.NullMarked;
