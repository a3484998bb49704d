/**
 * How fast TCP is over networks of every kind: a grid of loss, round-trip time, buffers and congestion controls in
 * virtual time, whose table is {@code docs/grid.md}, and what must hold in it.
 */
@NullMarked
package dev.towpath.grid;

import org.jspecify.annotations.NullMarked;
