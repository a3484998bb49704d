/** Which test shows which requirement of which RFC, told by the tests themselves, and the page that is made of it. */
@NullMarked
package dev.towpath.testing.rfc;

import org.jspecify.annotations.NullMarked;
