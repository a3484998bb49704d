package dev.towpath.cli;

import dev.towpath.cli.client.HttpFetch;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fetch}: an HTTP client on a stack on a TAP. */
@Command(
        name = "fetch",
        description = "Brings a stack up on a TAP in the current network namespace and fetches a web page through it.",
        mixinStandardHelpOptions = true)
final class FetchCommand implements Callable<Integer> {
    @Mixin
    private TapOptions options = new TapOptions();

    @Parameters(paramLabel = "URL", description = "What to fetch, such as http://192.0.2.1:8080/")
    private URI url = URI.create("http://192.0.2.1/");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to put it. Default: standard output")
    private @Nullable Path output;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        HttpFetch fetch = new HttpFetch(url);
        try (TapOptions.Host host = options.open()) {
            HttpFetch.Result result =
                    output == null ? fetch.run(host.stack(), System.out) : toFile(fetch, host, output);
            System.out.flush();
            spec.commandLine().getErr().println(result.statusLine() + ", " + result.bytes() + " bytes of body");
            return result.status() < 400 ? 0 : 1;
        }
    }

    private static HttpFetch.Result toFile(HttpFetch fetch, TapOptions.Host host, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            return fetch.run(host.stack(), out);
        }
    }
}
