/**
 * A real network interface as a network card of the stack's, through pcap4j and libpcap:
 * {@link dev.towpath.pcap.PcapDevice}.
 */
@NullMarked
package dev.towpath.pcap;

import org.jspecify.annotations.NullMarked;
