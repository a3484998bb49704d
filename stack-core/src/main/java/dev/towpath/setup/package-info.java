/**
 * Stacks described in text, for programs that know nothing of Towpath.
 *
 * <pre>
 *   DefaultStack       the stack that providers and factories without one of their own share
 *     '- StackProperties   what the system properties and the file of towpath.config say, understood and checked
 *          '- StackHost        the stack that was made of it; its device comes from a LinkDeviceProvider
 * </pre>
 */
@NullMarked
package dev.towpath.setup;

import org.jspecify.annotations.NullMarked;
