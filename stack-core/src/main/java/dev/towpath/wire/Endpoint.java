package dev.towpath.wire;

/**
 * An address and a port: one end of a conversation.
 *
 * @param port 0 to 65535; 0 where none is chosen yet
 */
public record Endpoint(IpAddress address, int port) {
    /** Checks the port's range. */
    public Endpoint {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is a number from 0 to 65535, not " + port);
        }
    }

    /**
     * Reads {@code 192.0.2.2:80} or {@code [2001:db8::1]:80}.
     *
     * @throws IllegalArgumentException if the text is not of that form
     */
    public static Endpoint parse(String text) {
        int colon = text.lastIndexOf(':');
        String address = colon < 0 ? "" : text.substring(0, colon);
        String port = text.substring(colon + 1);
        boolean bracketed = address.startsWith("[") && address.endsWith("]");
        boolean digits = !port.isEmpty() && port.length() <= 5 && port.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || bracketed != address.contains(":")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not an address and a port; write 192.0.2.2:80 or [2001:db8::1]:80");
        }
        return new Endpoint(
                IpAddress.parse(bracketed ? address.substring(1, address.length() - 1) : address),
                Integer.parseInt(port));
    }

    @Override
    public String toString() {
        return address.isV4() ? address + ":" + port : "[" + address + "]:" + port;
    }
}
