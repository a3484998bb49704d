/**
 * The services of {@code serve}: the standard small ones (RFC 862, 863, 864, 867) and an HTTP server, on one thread for
 * thousands of connections.
 *
 * <pre>
 *   ServiceLoop      one thread, one Poller, one buffer
 *      |  accepts, polls, closes
 *      v
 *   TcpService       for each connection: what to do when it is ready, and what to wait for next
 *   UdpService       for each datagram: the answer
 * </pre>
 */
@NullMarked
package dev.towpath.cli.service;

import org.jspecify.annotations.NullMarked;
