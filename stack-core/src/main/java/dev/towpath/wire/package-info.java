/**
 * Wire formats: one file per header, addresses, the Internet checksum.
 */
@NullMarked
package dev.towpath.wire;

import org.jspecify.annotations.NullMarked;
