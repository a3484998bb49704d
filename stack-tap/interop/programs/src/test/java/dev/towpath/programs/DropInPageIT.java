package dev.towpath.programs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The programs on docs/drop-in.md compile, and do what the page says. */
@Timeout(180)
class DropInPageIT {
    private static final Path PAGE = Path.of("..", "..", "..", "docs", "drop-in.md");
    private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("public class (\\w+)");
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    @TempDir
    static Path directory = Path.of("target"); // JUnit puts another there

    @BeforeAll
    static void compile() throws IOException {
        Programs.assumePossible();
        String page = Files.readString(PAGE);
        List<Path> files = PROGRAM.matcher(page)
                .results()
                .map(program -> program.group(1))
                .filter(source -> NAME.matcher(source).find()) // not the fragments
                .map(DropInPageIT::write)
                .toList();
        assertThat(files)
                .extracting(file -> file.getFileName().toString())
                .containsExactly("Hello.java", "NettyEcho.java", "Fetch.java");
        String[] arguments = Stream.concat(
                        Stream.of("-d", directory.toString(), "-cp", CLASS_PATH),
                        files.stream().map(Path::toString))
                .toArray(String[]::new);
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments))
                .isZero();
    }

    private static Path write(String source) {
        String name = NAME.matcher(source)
                .results()
                .map(MatchResult::group)
                .findFirst()
                .map(found -> found.substring(found.lastIndexOf(' ') + 1))
                .orElseThrow();
        try {
            return Files.writeString(directory.resolve(name + ".java"), source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Program start(List<String> options, String... mainAndArguments) throws IOException {
        return Program.run(
                "192.0.2.2",
                Stream.of(
                                Stream.of(System.getProperty("java.home") + "/bin/java"),
                                options.stream(),
                                Stream.of("-cp", directory + File.pathSeparator + CLASS_PATH),
                                Stream.of(mainAndArguments))
                        .flatMap(each -> each)
                        .toList());
    }

    @Test
    void helloServesTheKernel() throws Exception {
        Matcher command =
                Pattern.compile("\njava (-Djava\\.nio.*?) -cp ", Pattern.DOTALL).matcher(Files.readString(PAGE));
        assertThat(command.find()).isTrue();
        List<String> options = List.of(command.group(1).split("[\\s\\\\]+", -1));
        try (Program program = start(options, "Hello").await("listening at")) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("http://192.0.2.2:8080/")).build();
            assertThat(HttpClient.newHttpClient()
                            .send(request, BodyHandlers.ofString())
                            .body())
                    .as(program.output())
                    .isEqualTo("hello 192.0.2.1\n");
        }
    }

    @Test
    void nettyHearsItself() throws Exception {
        try (Program program = start(List.of(), "NettyEcho")) {
            assertThat(program.awaitEnd()).contains("hello, Netty");
        }
    }

    @Test
    void okHttpFetchesFromTheKernel() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(0), 0);
        server.createContext("/", exchange -> {
            String peer = exchange.getRemoteAddress().getAddress().getHostAddress();
            byte[] body = ("hello " + peer).getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try (Program program = start(
                List.of(), "Fetch", "http://192.0.2.1:" + server.getAddress().getPort() + "/")) {
            assertThat(program.awaitEnd()).contains("200 hello 192.0.2.2");
        } finally {
            server.stop(0);
        }
    }
}
