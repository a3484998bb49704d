package dev.towpath.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;

/**
 * Below {@code stack} the same inputs and the same seed give the same frames: no clock, no thread, no unseeded random
 * number, no log.
 */
@AnalyzeClasses(packages = "dev.towpath", importOptions = DoNotIncludeTests.class)
class DeterminismTest {
    /** The packages that bring time, threads and randomness in; all others get them passed. */
    private static final String[] STACK_AND_ABOVE = {
        "dev.towpath.stack..",
        "dev.towpath.socket..",
        "dev.towpath.setup..",
        "dev.towpath.dns..",
        "dev.towpath.net..",
        "dev.towpath.nio.."
    };

    /** The one place that reads the machine's clock. */
    private static final String SYSTEM_CLOCK = "dev.towpath.time.SystemClock";

    private static final Map<String, Set<String>> UNREPEATABLE = Map.of(
            "java.lang.System", Set.of("nanoTime", "currentTimeMillis", "identityHashCode"),
            "java.lang.Math", Set.of("random"),
            "java.lang.StrictMath", Set.of("random"),
            "java.time.Instant", Set.of("now"),
            "java.util.UUID", Set.of("randomUUID"));

    private static final Set<String> SEEDABLE = Set.of("java.util.Random", "java.util.SplittableRandom");

    private static final Set<String> THREADS_DICE_AND_LOGS = Set.of(
            "java.lang.Thread",
            "java.lang.System$Logger",
            "java.security.SecureRandom",
            "java.time.Clock",
            "java.util.Timer",
            "java.util.concurrent.CompletableFuture",
            "java.util.concurrent.Executors",
            "java.util.concurrent.ForkJoinPool",
            "java.util.concurrent.ThreadLocalRandom",
            "java.util.concurrent.ThreadPoolExecutor");

    @ArchTest
    static final ArchRule nothingBelowTheStackReadsAClockOrUnseededDice = noClasses()
            .that()
            .resideOutsideOfPackages(STACK_AND_ABOVE)
            .and()
            .doNotHaveFullyQualifiedName(SYSTEM_CLOCK)
            .should()
            .callCodeUnitWhere(describe("its result differs from run to run", DeterminismTest::differsFromRunToRun));

    @ArchTest
    static final ArchRule nothingBelowTheStackStartsAThreadOrLogs = noClasses()
            .that()
            .resideOutsideOfPackages(STACK_AND_ABOVE)
            .should()
            .dependOnClassesThat(oneOf(THREADS_DICE_AND_LOGS))
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("java.util.logging..");

    /** A virtual thread that waits inside {@code synchronized} pins its carrier: locks only. */
    @ArchTest
    static final ArchRule nothingIsSynchronized = noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED);

    private static boolean differsFromRunToRun(JavaCall<?> call) {
        String owner = call.getTargetOwner().getName();
        boolean unseeded = SEEDABLE.contains(owner)
                && call.getName().equals("<init>")
                && call.getTarget().getRawParameterTypes().isEmpty();
        return unseeded || UNREPEATABLE.getOrDefault(owner, Set.of()).contains(call.getName());
    }

    private static DescribedPredicate<JavaClass> oneOf(Set<String> names) {
        return describe("are threads, unseeded dice or logs", type -> names.contains(type.getName()));
    }
}
