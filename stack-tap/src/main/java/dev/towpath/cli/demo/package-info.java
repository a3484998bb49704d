/**
 * The checks of {@code demo}, written once for both stages: the stack against the kernel over a TAP, and against a
 * second stack over a wire in memory where TAP is not permitted.
 *
 * <pre>
 *   Demo        runs the checks, prints the table
 *   Stage       the stack and its Peer: KernelPeer or StackPeer
 *   Checks      what is checked            Transfer   many bytes with a hash at each end
 *   Stream      a connection, whoever's it is
 * </pre>
 */
@NullMarked
package dev.towpath.cli.demo;

import org.jspecify.annotations.NullMarked;
