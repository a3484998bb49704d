package dev.towpath.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which package may use which: the picture of the architecture as a table. A class without a row here fails the build.
 */
@AnalyzeClasses(packages = "dev.towpath", importOptions = DoNotIncludeTests.class)
class PackageDirectionsTest {
    /** Package and the packages that it may use, from the bottom up. */
    private static final Map<String, String> MAY_USE = new LinkedHashMap<>();

    static {
        MAY_USE.put("wire", "");
        MAY_USE.put("buffer", "");
        MAY_USE.put("time", "");
        MAY_USE.put("mib", "");
        // What transports see of IP: they must work over IPv6 one day without a change.
        MAY_USE.put("ip", "wire buffer");
        MAY_USE.put("demux", "wire ip");
        MAY_USE.put("link", "wire buffer time");
        MAY_USE.put("ethernet", "wire buffer time mib link");
        MAY_USE.put("arp", "wire buffer time mib ethernet");
        MAY_USE.put("ipv4", "wire buffer time mib link ethernet arp ip");
        MAY_USE.put("icmp", "wire buffer time mib ip ipv4");
        MAY_USE.put("igmp", "wire buffer time mib link ip ipv4");
        MAY_USE.put("udp", "wire buffer mib ip demux");
        MAY_USE.put("config", "");
        MAY_USE.put("info", "");
        MAY_USE.put("tcp.congestion", "");
        MAY_USE.put("tcp", "wire buffer time mib ip demux config info tcp.congestion");
        String core = String.join(" ", MAY_USE.keySet());
        MAY_USE.put("stack", core);
        MAY_USE.put("socket", core + " stack");
        MAY_USE.put("setup", core + " stack");
        // What java.net and java.nio on the stack have in common.
        MAY_USE.put("jdk", "wire stack socket");
        MAY_USE.put("dns", "wire time stack socket setup");
        MAY_USE.put("net", "wire stack socket setup jdk dns");
        MAY_USE.put("nio", core + " stack socket setup jdk dns");
        MAY_USE.put("sim", core + " stack socket");
        MAY_USE.put("sim.junit", "sim");
    }

    @ArchTest
    static final ArchRule dependenciesPointDownwards = downwards();

    @ArchTest
    static final ArchRule thereAreNoCycles =
            slices().matching("dev.towpath.(**)").should().beFreeOfCycles();

    /** No dependency at run time: what is not ours comes with every JDK, or with JUnit for those who have it. */
    @ArchTest
    static final ArchRule theJdkIsEnough = classes()
            .that()
            .resideOutsideOfPackage("dev.towpath.sim.junit")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.towpath..", "java..", "javax.net", "org.jspecify.annotations");

    private static ArchRule downwards() {
        LayeredArchitecture layers = layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.towpath..")
                .ensureAllClassesAreContainedInArchitecture();
        for (String layer : MAY_USE.keySet()) {
            layers = layers.layer(layer).definedBy("dev.towpath." + layer);
        }
        for (Map.Entry<String, String> row : MAY_USE.entrySet()) {
            var layer = layers.whereLayer(row.getKey());
            layers = row.getValue().isEmpty()
                    ? layer.mayNotAccessAnyLayer()
                    : layer.mayOnlyAccessLayers(row.getValue().split(" "));
        }
        return layers.as("Every class is in a package of the table and uses only the packages of its row");
    }
}
