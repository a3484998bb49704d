package dev.towpath.sim.junit;

import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** What {@link NetworkTest} does: one invocation for each seed. */
@SuppressWarnings("exports") // JUnit is not everybody's
public final class NetworkExtension implements TestTemplateInvocationContextProvider {
    /** The system property that replays one seed. */
    static final String ONE_SEED = "towpath.seed";

    /** The system property that says how many seeds. */
    static final String SEEDS = "towpath.seeds";

    /** For JUnit. */
    public NetworkExtension() {}

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return context.getRequiredTestMethod().isAnnotationPresent(NetworkTest.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        NetworkTest annotation = context.getRequiredTestMethod().getAnnotation(NetworkTest.class);
        return seeds(annotation.seeds()).mapToObj(SeededInvocation::new);
    }

    private static LongStream seeds(int count) {
        Long one = Long.getLong(ONE_SEED);
        return one != null ? LongStream.of(one) : LongStream.rangeClosed(1, Long.getLong(SEEDS, count));
    }
}
