/**
 * Off-heap memory and who owns it.
 *
 * <pre>
 *   FramePool --take--&gt; Frame: one packet, handed from layer to layer --release--&gt; FramePool       from any thread
 *   BufferPool --take--&gt; block of a ByteRing: one direction of a connection --give--&gt; BufferPool   under the stack's lock
 * </pre>
 *
 * <p>In steady state neither allocates.
 */
@NullMarked
package dev.towpath.buffer;

import org.jspecify.annotations.NullMarked;
