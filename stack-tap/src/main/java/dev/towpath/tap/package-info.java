/**
 * A Linux TAP device as a network card: {@link dev.towpath.tap.TapDevice}.
 *
 * <pre>
 *   the stack                                      the kernel
 *      |  TapDevice.send        write(2)               |
 *      +------------- /dev/net/tun ----------------- tap0, 192.0.2.1
 *      |  TapDevice.receive     read(2)                |
 *      +   never blocks                                +
 *      |  TapWait.await         ppoll(2)
 *      +   sleeps on the TAP and on an eventfd
 * </pre>
 *
 * <p>{@code Libc} holds the system calls, {@code VnetHeader} the ten bytes before a frame that carry checksum and
 * segmentation offload, {@code KernelInterface} the ioctls that set the kernel's end up, and
 * {@link dev.towpath.tap.Namespaces} the way to a private network namespace, where an ordinary user may do all this.
 */
@NullMarked
package dev.towpath.tap;

import org.jspecify.annotations.NullMarked;
