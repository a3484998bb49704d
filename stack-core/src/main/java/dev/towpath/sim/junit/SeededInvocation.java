package dev.towpath.sim.junit;

import dev.towpath.sim.Network;
import dev.towpath.sim.Recording;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.IncompleteExecutionException;

/** A test with one seed: makes its network, and tells what went on in it if the test fails. */
final class SeededInvocation
        implements TestTemplateInvocationContext, ParameterResolver, TestExecutionExceptionHandler, AfterEachCallback {
    /** The system property that says where captures of failures go. */
    private static final String FOLDER = "towpath.captures";

    private static final String DEFAULT_FOLDER = "target/towpath";
    private static final long KEPT_BYTES = 32L << 20;
    private static final int SHOWN_LINES = 40;

    private final long seed;
    private @Nullable Network net;

    SeededInvocation(long seed) {
        this.seed = seed;
    }

    @Override
    public String getDisplayName(int invocationIndex) {
        return "seed " + seed;
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
        return List.of(this);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Network.class;
    }

    /** One network for all parameters of one invocation. */
    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Network known = net;
        if (known == null) {
            known = Network.withSeed(seed);
            known.keepLast(KEPT_BYTES);
            net = known;
        }
        return known;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        Network failed = net;
        if (failed == null || thrown instanceof IncompleteExecutionException || thrown instanceof VirtualMachineError) {
            throw thrown; // a test that was given up is no failure
        }
        String message = message(failed, context, thrown);
        if (thrown instanceof AssertionFailedError comparison
                && comparison.isExpectedDefined()
                && comparison.isActualDefined()) {
            throw new AssertionFailedError(message, comparison.getExpected(), comparison.getActual(), thrown);
        }
        throw new AssertionFailedError(message, thrown);
    }

    private String message(Network failed, ExtensionContext context, Throwable thrown) {
        String test = context.getRequiredTestClass().getSimpleName() + "."
                + context.getRequiredTestMethod().getName();
        Recording recording = failed.recording();
        StringBuilder text = new StringBuilder().append(thrown.getMessage()).append("\n\n");
        text.append("seed ")
                .append(seed)
                .append(", after ")
                .append(failed.now())
                .append(" of virtual time\n");
        text.append("replay it with -D")
                .append(NetworkExtension.ONE_SEED)
                .append('=')
                .append(seed)
                .append('\n');
        if (recording == null) {
            return text.append("no packets: the network had not started\n").toString();
        }
        text.append(capture(recording, test + "-seed-" + seed)).append("the last packets:\n");
        recording.lastLines(SHOWN_LINES).forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private static String capture(Recording recording, String name) {
        Path file = Path.of(System.getProperty(FOLDER, DEFAULT_FOLDER), name + ".pcapng");
        try {
            recording.write(file);
            return "all packets, for Wireshark: " + file.toAbsolutePath() + '\n';
        } catch (IOException e) {
            return "no capture: " + e + '\n'; // the test's failure is what matters
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (net != null) {
            net.close();
        }
    }
}
