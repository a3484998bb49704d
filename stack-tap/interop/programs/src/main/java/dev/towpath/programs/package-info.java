/**
 * Small programs on libraries that others wrote, a screenful each. None of them knows Towpath: the command line of
 * their JVM decides whether they run on it or on the kernel. Each server serves the same
 * {@link dev.towpath.programs.Site}, and each client pays the same {@link dev.towpath.programs.Visit}.
 */
@NullMarked
package dev.towpath.programs;

import org.jspecify.annotations.NullMarked;
