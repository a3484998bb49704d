/** What {@code fetch} and {@code demo} use to be a web client on a stack. */
@NullMarked
package dev.towpath.cli.client;

import org.jspecify.annotations.NullMarked;
