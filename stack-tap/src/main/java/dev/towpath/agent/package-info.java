/**
 * {@code towpath.jar} as a Java agent: one flag puts any program on a stack of its own.
 *
 * <pre>
 *   java -javaagent:towpath.jar=tap:tap0,192.0.2.2/24 -jar anything.jar
 * </pre>
 */
@NullMarked
package dev.towpath.agent;

import org.jspecify.annotations.NullMarked;
