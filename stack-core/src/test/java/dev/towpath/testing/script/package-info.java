/**
 * Packet scripts: tests of TCP that read like a trace. A script plays the peer, the application and the clock; the
 * stack under test is real, and every segment that it emits is decoded, checked and must be expected by the script.
 *
 * <pre>
 *    App  (calls, readiness)            Clock (virtual: moves only when told)
 *      |                                  |
 *      v                                  v
 *   +-----------------  TcpLayer  -----------------+
 *   |               the stack under test           |
 *   +----------------------------------------------+
 *      |  StackSide.sends(...)            ^  Peer.sends(...)
 *      v                                  |
 *    FakeIp: no IP below, but real segments with real checksums  ->  WireRules
 * </pre>
 *
 * <p>Sequence numbers in scripts are relative to each side's initial one; fields that a script does not name are not
 * compared.
 */
@NullMarked
package dev.towpath.testing.script;

import org.jspecify.annotations.NullMarked;
