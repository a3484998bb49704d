/**
 * One suite over the JDK's channels, which say what is right, and over ours: every test is written once and runs in
 * each {@link dev.towpath.parity.World}. What has to differ is a {@link dev.towpath.parity.Difference}, with its
 * reason; there is no other way to expect two things.
 */
@NullMarked
package dev.towpath.parity;

import org.jspecify.annotations.NullMarked;
