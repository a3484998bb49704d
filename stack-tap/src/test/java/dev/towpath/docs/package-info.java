/** The documents, checked. */
@NullMarked
package dev.towpath.docs;

import org.jspecify.annotations.NullMarked;
