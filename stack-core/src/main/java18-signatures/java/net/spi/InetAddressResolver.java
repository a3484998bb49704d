package java.net.spi;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.stream.Stream;

/** The signatures of JDK 18's type of this name, to compile against on JDK 17. */
public interface InetAddressResolver {
    /** As in the JDK. */
    Stream<InetAddress> lookupByName(String host, LookupPolicy lookupPolicy) throws UnknownHostException;

    /** As in the JDK. */
    String lookupByAddress(byte[] addr) throws UnknownHostException;

    /** As in the JDK. */
    final class LookupPolicy {
        /** As in the JDK. */
        public static final int IPV4 = 1;

        private LookupPolicy() {}

        /** As in the JDK. */
        public native int characteristics();
    }
}
