package dev.towpath.parity;

import java.net.SocketAddress;

/** An address of a kind that no channel knows. */
final class OtherAddress extends SocketAddress {
    private static final long serialVersionUID = 1;
}
