/** Counters by standard MIB names, and a named reason for every packet that is dropped. */
@NullMarked
package dev.towpath.mib;

import org.jspecify.annotations.NullMarked;
