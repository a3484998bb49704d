/**
 * The stack on a TAP beside the kernel and beside what a TAP allows, measured in turns ({@code compare}), and a long run
 * in both directions at once ({@code soak}). Each system under measurement is a process of its own in a network
 * namespace of its own; what the kernel's sockets do is done by system calls through JNR, at C's price.
 */
@NullMarked
package dev.towpath.bench.tap;

import org.jspecify.annotations.NullMarked;
