package dev.towpath.agent;

import dev.towpath.dns.JvmNames;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Names on the stack for a JDK 17. From 18 on the JDK asks a provider (JEP 418), which {@code dev.towpath.dns} is. Before,
 * {@link InetAddress} has an interface of its own for that, which is neither public nor to be set; {@link JdkModules} has
 * opened it to us.
 */
final class NameService {
    private NameService() {}

    /** Puts ours before the JDK's, which still answers while the stack is being made, or has no name servers. */
    static void install() throws ReflectiveOperationException {
        Class<?> contract;
        try {
            contract = Class.forName("java.net.InetAddress$NameService");
        } catch (ClassNotFoundException e) {
            return; // JDK 18 or later
        }
        Field service = InetAddress.class.getDeclaredField("nameService");
        service.setAccessible(true);
        Object theirs = Objects.requireNonNull(service.get(null));
        service.set(
                null,
                Proxy.newProxyInstance(
                        contract.getClassLoader(), new Class<?>[] {contract}, (proxy, method, arguments) -> {
                            if (JvmNames.active() && method.getName().equals("lookupAllHostAddr")) {
                                return JvmNames.lookupAllHostAddr((String) arguments[0]);
                            }
                            if (JvmNames.active() && method.getName().equals("getHostByAddr")) {
                                return JvmNames.getHostByAddr((byte[]) arguments[0]);
                            }
                            return call(method, theirs, arguments);
                        }));
    }

    private static @Nullable Object call(Method method, Object on, Object @Nullable [] arguments) throws Throwable {
        try {
            method.setAccessible(true);
            return method.invoke(on, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
