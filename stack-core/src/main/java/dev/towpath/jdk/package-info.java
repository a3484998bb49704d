/**
 * What our {@code java.net} and our {@code java.nio} have in common: the exceptions, options and addresses of the JDK
 * in terms of the Berkeley sockets below. Not exported.
 *
 * <ul>
 *   <li>{@link dev.towpath.jdk.Exceptions}: what a program expects to be thrown where a Berkeley call fails
 *   <li>{@link dev.towpath.jdk.Options}: which socket options there are, and what their values mean
 *   <li>{@link dev.towpath.jdk.Addresses}: socket addresses
 * </ul>
 */
@NullMarked
package dev.towpath.jdk;

import org.jspecify.annotations.NullMarked;
