/**
 * The command line: {@code demo}, {@code serve}, {@code ping} and {@code fetch}.
 */
@NullMarked
package dev.towpath.cli;

import org.jspecify.annotations.NullMarked;
