package dev.towpath.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.stack.NetworkStack;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The factories of a JVM, in a JVM of their own. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WholeProgramTest {
    @Test
    void allSocketsOfAProgramAreOnTheStack() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        location(NetworkStack.class) + File.pathSeparator + location(WholeProgram.class),
                        WholeProgram.class.getName())
                .redirectErrorStream(true)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            List<String> lines = output.lines().toList();
            assertThat(lines)
                    .contains("http 200 hello", "datagram 3", "connections 1", "datagrams 1")
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("again Socket.setSocketImplFactory has been called before in this JVM"));
        } finally {
            process.destroy();
        }
    }

    private static Path location(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
