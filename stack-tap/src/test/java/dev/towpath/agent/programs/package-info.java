/** Programs that know nothing of Towpath, to be run under the agent. */
@NullMarked
package dev.towpath.agent.programs;

import org.jspecify.annotations.NullMarked;
