package dev.towpath.agent;

import dev.towpath.net.TowpathSocketImplFactory;
import dev.towpath.setup.DefaultStack;
import dev.towpath.setup.SetupException;
import dev.towpath.setup.StackProperty;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.nio.channels.spi.SelectorProvider;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts a program on the stack that its options describe, before the program's {@code main} begins. The stack is up by
 * then: what is wrong with it stops the JVM with one line. For a program that runs already it is too late, since it has
 * its provider; so there is no {@code agentmain}.
 */
public final class Agent {
    private static final String PROVIDER_PROPERTY = "java.nio.channels.spi.SelectorProvider";
    private static final String PROVIDER = "dev.towpath.nio.TowpathSelectorProvider";
    private static final int USAGE = 2;
    private static final int FAILURE = 1;

    private Agent() {}

    /** Called by the JVM. */
    @SuppressWarnings("SystemExitOutsideMain") // an exception from here ends the JVM with SIGABRT and fifty lines
    public static void premain(@Nullable String options, Instrumentation instrumentation) {
        try {
            install(options, instrumentation);
        } catch (SetupException e) {
            System.err.println("towpath: " + e.getMessage());
            System.exit(USAGE);
        } catch (IOException | ReflectiveOperationException e) {
            System.err.println("towpath: the agent can't be put in place: " + e.getMessage());
            System.exit(FAILURE);
        } catch (RuntimeException | LinkageError e) {
            System.err.println("towpath: the agent has failed");
            e.printStackTrace();
            System.exit(FAILURE);
        }
    }

    private static void install(@Nullable String options, Instrumentation instrumentation)
            throws IOException, ReflectiveOperationException {
        setProperties(AgentOptions.parse(options));
        JdkModules.prepare(instrumentation);
        DefaultStack.atEnd(JdkModules::afterAllHooks);
        String where = DefaultStack.host().description();
        useProvider();
        TowpathSocketImplFactory.install();
        NameService.install();
        System.err.println("towpath: this program has the address " + where);
    }

    /** What stands on the command line is nearer to the program than an agent's options in JAVA_TOOL_OPTIONS. */
    private static void setProperties(Map<StackProperty, String> options) {
        options.forEach((property, value) -> {
            if (System.getProperty(property.toString()) == null) {
                System.setProperty(property.toString(), value);
            }
        });
        if (System.getProperty("jffi.unsafe.disabled") == null) {
            // JDK 24+ warns of sun.misc.Unsafe, and JNR does without
            System.setProperty("jffi.unsafe.disabled", "true");
        }
    }

    private static void useProvider() {
        String other = System.getProperty(PROVIDER_PROPERTY);
        if (other != null && !other.equals(PROVIDER)) {
            throw new SetupException(
                    PROVIDER_PROPERTY + "=" + other + " asks for another provider; leave it away with the agent", null);
        }
        System.setProperty(PROVIDER_PROPERTY, PROVIDER);
        String actual = SelectorProvider.provider().getClass().getName();
        if (!actual.equals(PROVIDER)) {
            throw new SetupException(
                    "this JVM has the provider " + actual
                            + " already; name -javaagent:towpath.jar before the other agents",
                    null);
        }
    }
}
