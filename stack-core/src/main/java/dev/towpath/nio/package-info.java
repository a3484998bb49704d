/**
 * {@code java.nio.channels} over a {@link dev.towpath.stack.NetworkStack}: an unmodified program that opens its
 * channels and selectors with {@code TowpathSelectorProvider}, or with that as the JVM's default, runs
 * on the stack.
 *
 * <pre>
 *   TcpChannel, TcpServerChannel, UdpChannel, PipeSource, PipeSink     (StackChannel)
 *      |          the JDK's contract: locks, states, exceptions
 *      v
 *   socket.TcpSocket, UdpSocket, MemoryPipe                             the calls that say how long they wait
 *
 *   TowpathSelector, TowpathKey      keys and their sets
 *      |
 *      v
 *   socket.ReadyList                 who is ready, in proportion to those who are
 * </pre>
 */
@NullMarked
package dev.towpath.nio;

import org.jspecify.annotations.NullMarked;
