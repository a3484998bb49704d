package java.net.spi;

/** The signatures of JDK 18's type of this name, to compile against on JDK 17. */
public abstract class InetAddressResolverProvider {
    /** As in the JDK. */
    protected InetAddressResolverProvider() {}

    /** As in the JDK. */
    public abstract InetAddressResolver get(Configuration configuration);

    /** As in the JDK. */
    public abstract String name();

    /** As in the JDK. */
    public interface Configuration {
        /** As in the JDK. */
        InetAddressResolver builtinResolver();

        /** As in the JDK. */
        String lookupLocalHostName();
    }
}
