/**
 * Link devices: what a stack sends Ethernet frames through.
 *
 * <pre>
 *   LinkDevice
 *     |- LoopbackDevice                 to the same stack
 *     |- MemoryWire's two ends          to one other stack in this process, without a copy
 *     |- MemorySwitch's ports           to many
 *     |- CapturingDevice(LinkDevice)    writes what passes through any device to a PcapWriter
 *     '- ImpairedDevice(LinkDevice)     makes any device worse, as its Impairments say and its seed determines
 * </pre>
 *
 * <p>Devices on the machine's own links (a TAP, libpcap) live outside the core.
 */
@NullMarked
package dev.towpath.link;

import org.jspecify.annotations.NullMarked;
