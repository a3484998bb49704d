/** What an application may set for a whole stack; the layers read it and nothing else here. */
@NullMarked
package dev.towpath.config;

import org.jspecify.annotations.NullMarked;
