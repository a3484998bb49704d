package dev.towpath.stack;

import dev.towpath.link.LinkFeatures;
import dev.towpath.wire.MacAddress;
import java.util.List;

/**
 * One interface of a stack.
 *
 * @param prefixes its addresses with their prefix lengths, such as {@code 192.0.2.2/24}
 */
public record InterfaceInfo(String name, MacAddress mac, int mtu, LinkFeatures features, List<String> prefixes) {}
