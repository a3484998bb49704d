/**
 * Time as an argument. Below {@code stack} nothing asks what time it is: whoever drives a stack tells it.
 *
 * <pre>
 *   Clock --now--&gt; driver --poll(now)--&gt; TimerWheel --expired(now)--&gt; owners of Timers
 *     |               ^---nextDeadline()----|  ^------arm, cancel-----------|
 *     |- SystemClock: the machine's
 *     '- ManualClock: stands still until it is moved
 * </pre>
 */
@NullMarked
package dev.towpath.time;

import org.jspecify.annotations.NullMarked;
