package dev.towpath.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.stream.Stream;

/**
 * Gives {@link InetAddress} the stack's names, on JDK 18 and later (JEP 418). The JVM finds it on the class path, so it is
 * there in every program that has Towpath, and leaves everything to the JDK's own resolver unless {@link JvmNames} is
 * active.
 */
public final class TowpathResolverProvider extends InetAddressResolverProvider {
    /** For the service loader. */
    public TowpathResolverProvider() {}

    @Override
    public InetAddressResolver get(Configuration configuration) {
        return new Resolver(configuration.builtinResolver());
    }

    @Override
    public String name() {
        return "Towpath";
    }

    private static final class Resolver implements InetAddressResolver {
        private final InetAddressResolver builtin;

        Resolver(InetAddressResolver builtin) {
            this.builtin = builtin;
        }

        @Override
        public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
            if (!JvmNames.active()) {
                return builtin.lookupByName(host, policy);
            }
            if ((policy.characteristics() & LookupPolicy.IPV4) == 0) {
                throw new UnknownHostException(host + ": only IPv6 addresses are wanted, and the stack speaks IPv4");
            }
            return Stream.of(JvmNames.lookupAllHostAddr(host));
        }

        @Override
        public String lookupByAddress(byte[] address) throws UnknownHostException {
            return JvmNames.active() ? JvmNames.getHostByAddr(address) : builtin.lookupByAddress(address);
        }
    }
}
