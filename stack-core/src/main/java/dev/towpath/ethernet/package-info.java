/**
 * Ethernet II (RFC 894): one {@link dev.towpath.ethernet.EthernetPort} per link device takes frames in, hands them to
 * whoever speaks their EtherType, and puts the Ethernet header before what goes out.
 */
@NullMarked
package dev.towpath.ethernet;

import org.jspecify.annotations.NullMarked;
