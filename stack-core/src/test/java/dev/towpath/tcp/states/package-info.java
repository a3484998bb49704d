/**
 * RFC 9293 section 3.10.7 as tables, a class for each state: a segment arrives; what is the reply, and what the next
 * state? {@link dev.towpath.tcp.states.StateTable} says how to read them.
 */
@NullMarked
package dev.towpath.tcp.states;

import org.jspecify.annotations.NullMarked;
