/**
 * Makes {@code docs/performance.md} and its charts of the results that the measurements have left in
 * {@code docs/performance}: nobody writes a figure by hand, and a test makes sure of that.
 */
@NullMarked
package dev.towpath.bench.report;

import org.jspecify.annotations.NullMarked;
