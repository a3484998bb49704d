/** What many connections cost: memory for each, and what they take from those that work. */
@NullMarked
package dev.towpath.bench.connections;

import org.jspecify.annotations.NullMarked;
