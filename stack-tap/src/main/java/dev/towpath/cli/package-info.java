/**
 * The command line: {@code demo}, {@code serve}, {@code ping} and {@code fetch}. {@link dev.towpath.cli.Main} is where
 * it begins; {@code TapOptions} are the options by which three of them bring a stack up on a TAP.
 */
@NullMarked
package dev.towpath.cli;

import org.jspecify.annotations.NullMarked;
