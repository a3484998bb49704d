package dev.towpath.cli;

import dev.towpath.wire.IpAddress;

/**
 * An IPv4 address and the length of its network's prefix, such as {@code 192.0.2.1/24}.
 *
 * @param length from 0 to 32
 */
record AddressPrefix(IpAddress address, int length) {
    static AddressPrefix parse(String text) {
        int slash = text.indexOf('/');
        String length = text.substring(slash + 1);
        if (slash < 0 || !length.matches("[0-9]|[12][0-9]|3[0-2]")) {
            throw notOne(text);
        }
        IpAddress address = IpAddress.parse(text.substring(0, slash));
        if (!address.isV4()) {
            throw notOne(text);
        }
        return new AddressPrefix(address, Integer.parseInt(length));
    }

    private static IllegalArgumentException notOne(String text) {
        return new IllegalArgumentException(
                "'" + text + "' is not an address with a prefix length; write it like 192.0.2.2/24");
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
