/**
 * The Berkeley calls over a {@link dev.towpath.stack.NetworkStack}, twice: on integer descriptors as in C, and on small
 * objects.
 *
 * <pre>
 *   BerkeleySockets      int descriptors: a thin table over ...
 *      |
 *   TcpSocket, UdpSocket (InetSocket)      the same verbs on objects      Poller: readiness of thousands of them
 *      |                                      |                              |
 *      |  enter / leave: one lock per stack   |  await: whoever waits drives |
 *      v                                      v                              v
 *   tcp.Tcb, tcp.Listener, udp.UdpEndpoint ------------------------ stack.Driver
 * </pre>
 *
 * <p>Every call fails with an {@link dev.towpath.socket.ErrnoException}, which names the errno a Berkeley programmer
 * knows.
 */
@NullMarked
package dev.towpath.socket;

import org.jspecify.annotations.NullMarked;
