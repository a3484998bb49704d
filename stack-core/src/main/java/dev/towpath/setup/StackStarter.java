package dev.towpath.setup;

import dev.towpath.link.LinkDevice;
import dev.towpath.link.LinkDeviceProvider;
import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.IpPrefix;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** Opens what properties describe, and says which of them is to blame if that fails. */
final class StackStarter {
    private final StackProperties properties;

    StackStarter(StackProperties properties) {
        this.properties = properties;
    }

    StackHost start() {
        NetworkStack.Builder stack = NetworkStack.builder().name("towpath");
        String text = properties.text(StackProperty.INTERFACE).orElse("").strip();
        properties.describe(stack);
        if (text.isEmpty()) {
            return new StackHost(stack.start(), null);
        }
        LinkDevice device = open(text);
        try {
            return StackHost.start(
                    stack,
                    device,
                    properties.addresses().stream().map(IpPrefix::toString).toList(),
                    properties.capture());
        } catch (IOException e) {
            throw SetupException.wrong(
                    StackProperty.CAPTURE, String.valueOf(properties.capture()), "can't be written: " + e, e);
        }
    }

    private LinkDevice open(String text) {
        int colon = text.indexOf(':');
        String scheme = text.substring(0, Math.max(colon, 0));
        String name = text.substring(colon + 1);
        List<String> schemes = new ArrayList<>();
        // our own loader: where the core is, the devices are; the thread's may belong to an application in a container
        for (LinkDeviceProvider each :
                ServiceLoader.load(LinkDeviceProvider.class, LinkDeviceProvider.class.getClassLoader())) {
            if (each.scheme().equals(scheme) && !name.isEmpty()) {
                return open(each, name, text);
            }
            schemes.add(each.scheme() + ":NAME");
        }
        throw SetupException.wrong(
                StackProperty.INTERFACE,
                text,
                schemes.isEmpty()
                        ? "there is nothing on the class path that opens devices; put towpath.jar there"
                        : "it takes " + String.join(" or ", schemes),
                null);
    }

    private LinkDevice open(LinkDeviceProvider provider, String name, String text) {
        try {
            return provider.open(name, properties.link());
        } catch (IOException | IllegalArgumentException e) {
            throw SetupException.wrong(StackProperty.INTERFACE, text, String.valueOf(e.getMessage()), e);
        }
    }
}
