/** Simulated networks in JUnit tests: {@link dev.towpath.sim.junit.NetworkTest}. Needs JUnit on the path, nothing else does. */
@NullMarked
package dev.towpath.sim.junit;

import org.jspecify.annotations.NullMarked;
