/**
 * The stack of a program that knows nothing of Towpath: {@link dev.towpath.setup.DefaultStack} is the one that
 * providers and factories without a stack of their own share.
 */
@NullMarked
package dev.towpath.setup;

import org.jspecify.annotations.NullMarked;
