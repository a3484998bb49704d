/**
 * JMH benchmarks of the core, one class per concern.
 */
@NullMarked
package dev.towpath.bench;

import org.jspecify.annotations.NullMarked;
