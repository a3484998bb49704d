/**
 * A network to try things on: hosts with real TCP in one process, in virtual time, from one seed.
 *
 * <pre>
 *   Network               what there is, what happens when, partitions
 *     |- Host             a whole stack
 *     |- Lan, Router      an Ethernet switch; forwards IP, and says what it could not forward
 *     '- Link             queue, rate, delay; loss and worse; each Direction on its own
 * </pre>
 */
@NullMarked
package dev.towpath.sim;

import org.jspecify.annotations.NullMarked;
