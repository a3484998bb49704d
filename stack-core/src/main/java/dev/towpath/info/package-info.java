/** What a stack tells about its connections. */
@NullMarked
package dev.towpath.info;

import org.jspecify.annotations.NullMarked;
