package dev.towpath.agent;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;

/** Opens to us what an agent may have of the JDK and a program may not. */
final class JdkModules {
    /** The JDK itself uses 0 to 2 of ten. */
    private static final int LATE_SLOT = 7;

    private JdkModules() {}

    static void prepare(Instrumentation instrumentation) {
        Module base = Object.class.getModule();
        Set<Module> us = Set.of(JdkModules.class.getModule());
        instrumentation.redefineModule(
                base,
                Set.of(),
                Map.of("sun.nio.ch", us), // the kernel's provider, for programs that have a part in both worlds
                Map.of("java.net", us, "java.lang", us),
                Set.of(),
                Map.of());
        allowNativeAccess();
    }

    /**
     * From JDK 24 on, native access that nobody has allowed is warned about. {@code Enable-Native-Access} in a manifest
     * counts for the main jar alone, and whoever wrote this agent into the command line has allowed it. Without a name
     * of its own our module is allowed what all without a name are. Where this method is missing there is no warning,
     * either.
     */
    private static void allowNativeAccess() {
        try {
            Method allow = Module.class.getDeclaredMethod("implAddEnableNativeAccessToAllUnnamed");
            allow.setAccessible(true);
            allow.invoke(null);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // the JVM warns, and that is all
        }
    }

    /**
     * Has {@code end} run after the program's shutdown hooks. Those run all at once, and a server that finishes its
     * requests in one needs its network that long. Behind them the JDK has slots of its own, most of them free.
     */
    static void afterAllHooks(Runnable end) {
        try {
            Method add = Class.forName("java.lang.Shutdown")
                    .getDeclaredMethod("add", int.class, boolean.class, Runnable.class);
            add.setAccessible(true);
            add.invoke(null, LATE_SLOT, false, end);
        } catch (ReflectiveOperationException | RuntimeException e) {
            Runtime.getRuntime().addShutdownHook(new Thread(end, "towpath-end"));
        }
    }
}
