package dev.towpath.agent.programs;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Prints pages: each of them first over {@code java.net.Socket}, then over {@code HttpClient}. */
public final class Fetch {
    private Fetch() {}

    /** Runs it on the URLs given. */
    public static void main(String[] urls) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        for (String url : urls) {
            URI uri = URI.create(url);
            System.out.println(new String(uri.toURL().openStream().readAllBytes(), StandardCharsets.UTF_8));
            System.out.println(client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body());
        }
    }
}
