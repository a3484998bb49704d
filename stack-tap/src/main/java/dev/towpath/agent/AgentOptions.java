package dev.towpath.agent;

import dev.towpath.setup.SetupException;
import dev.towpath.setup.StackProperty;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind {@code -javaagent:towpath.jar=}: the properties by their names without {@code towpath.}, with
 * commas between them. What comes first may do without a name: the interface, and then its addresses.
 *
 * <pre>
 *   tap:tap0,192.0.2.2/24,gateway=192.0.2.1,nameservers=192.0.2.53,192.0.2.54,mtu=1400
 *   interface address     gateway           nameservers                       mtu
 * </pre>
 *
 * <p>What has no name belongs to the list before it: a property that takes several values takes them with commas here,
 * too.
 */
final class AgentOptions {
    private final Map<StackProperty, String> found = new EnumMap<>(StackProperty.class);
    private @Nullable StackProperty last;

    private AgentOptions() {}

    /**
     * Reads {@code text}; the values are checked later.
     *
     * @throws SetupException if an option is unknown, given twice, or a value that belongs to none
     */
    static Map<StackProperty, String> parse(@Nullable String text) {
        AgentOptions options = new AgentOptions();
        if (text != null && !text.isBlank()) {
            for (String item : text.strip().split(",", -1)) {
                options.read(item.strip());
            }
        }
        return options.found;
    }

    private void read(String item) {
        int equals = item.indexOf('=');
        if (equals >= 0) {
            String key = item.substring(0, equals);
            put(StackProperty.named(key).orElseThrow(() -> unknown(item)), item.substring(equals + 1));
        } else if (last == null && item.indexOf(':') > 0) {
            put(StackProperty.INTERFACE, item);
        } else if (last == StackProperty.INTERFACE && found.size() == 1 && item.indexOf('/') > 0) {
            put(StackProperty.ADDRESS, item);
        } else if (last != null && last.isList() && !item.isEmpty()) {
            found.merge(last, item, (values, value) -> values + "," + value);
        } else {
            throw unknown(item);
        }
    }

    private void put(StackProperty property, String value) {
        if (found.put(property, value) != null) {
            throw new SetupException("the agent's option " + property.key() + " is given twice", null);
        }
        last = property;
    }

    private static SetupException unknown(String item) {
        String all = Stream.of(StackProperty.values()).map(StackProperty::key).collect(Collectors.joining("=…, "));
        return new SetupException(
                "the agent does not understand '" + item
                        + "'. Write -javaagent:towpath.jar=tap:tap0,192.0.2.2/24 and then, with commas, any of " + all
                        + "=…",
                null);
    }
}
