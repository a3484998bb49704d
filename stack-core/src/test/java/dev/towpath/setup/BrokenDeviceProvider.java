package dev.towpath.setup;

import dev.towpath.link.LinkDevice;
import dev.towpath.link.LinkDeviceProvider;
import dev.towpath.link.LinkSettings;
import java.io.IOException;

/** Devices that can't be opened. */
public final class BrokenDeviceProvider implements LinkDeviceProvider {
    @Override
    public String scheme() {
        return "broken";
    }

    @Override
    public LinkDevice open(String name, LinkSettings settings) throws IOException {
        throw new IOException(name + " is broken: mend it");
    }
}
