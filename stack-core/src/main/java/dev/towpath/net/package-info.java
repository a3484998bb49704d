/**
 * {@code java.net} over a {@link dev.towpath.stack.NetworkStack}, in three sizes:
 *
 * <ul>
 *   <li>one call: {@link dev.towpath.net.TowpathSocketFactory} and {@link dev.towpath.net.TowpathServerSocketFactory} make
 *       sockets on a stack
 *   <li>one setting: drivers and libraries that take the class name of a {@code javax.net.SocketFactory} take those two
 *       as well; the sockets are then on the stack that the JVM shares
 *   <li>one program: {@link dev.towpath.net.TowpathSocketImplFactory#install} puts every {@code Socket},
 *       {@code ServerSocket} and {@code DatagramSocket} of the JVM on a stack
 * </ul>
 *
 * <pre>
 *   java.net.Socket, ServerSocket       java.net.DatagramSocket
 *          |                                   |
 *   StreamSocketImpl                    DatagramSocketImpl's heir     the JDK's contract: time-outs, exceptions, closing
 *          |                                   |
 *   socket.TcpSocket                    socket.UdpSocket
 * </pre>
 */
@NullMarked
package dev.towpath.net;

import org.jspecify.annotations.NullMarked;
