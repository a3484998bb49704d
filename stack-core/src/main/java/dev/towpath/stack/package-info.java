/**
 * The stack as a whole: what it is made of, and who runs it. The only package that knows all layers.
 *
 * <pre>
 *   NetworkStack    what applications hold: addresses, counters, ping, close
 *      |
 *   Driver          who runs the core: RealTimeDriver (one lock, and whoever waits drives)
 *      |                               SimulationDriver (virtual time, many hosts, one thread, one seed)
 *      v
 *   Core            the machine: frames, calls and the time go in; frames, readiness and the next deadline come out
 *      v
 *   tcp, udp, icmp, ipv4, arp, ethernet, link
 * </pre>
 */
@NullMarked
package dev.towpath.stack;

import org.jspecify.annotations.NullMarked;
