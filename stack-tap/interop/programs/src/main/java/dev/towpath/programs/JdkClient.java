package dev.towpath.programs;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The HTTP client that comes with the JDK: {@code JdkClient HTTP_1_1|HTTP_2 BYTES SERVER...}. */
public final class JdkClient implements Client {
    private final HttpClient client;

    /** A client that speaks that version, if the server does. */
    public JdkClient(HttpClient.Version version) {
        client = HttpClient.newBuilder().version(version).build();
    }

    /** Visits the servers; one whose URL ends in {@code /meet/N} with N connections at once. */
    public static void main(String[] arguments) throws IOException {
        JdkClient client = new JdkClient(HttpClient.Version.valueOf(arguments[0]));
        for (int i = 2; i < arguments.length; i++) {
            if (arguments[i].contains("/meet/")) {
                client.meet(arguments[i]);
            } else {
                Visit.payAll(client, Long.parseLong(arguments[1]), arguments[i]);
            }
        }
        System.exit(0); // the client's threads would wait for more
    }

    /** Asks for it N times at once, where {@code url} ends in {@code /meet/N}. */
    public void meet(String url) {
        int count = Integer.parseInt(url.substring(url.lastIndexOf('/') + 1));
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(client.sendAsync(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                    .thenApply(response -> response.body()));
        }
        long met = answers.stream().filter(each -> each.join().equals("met")).count();
        System.out.println(met + " met");
    }

    @Override
    public InputStream get(String url) throws IOException {
        return send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofInputStream());
    }

    @Override
    public String post(String url, long length) throws IOException {
        HttpRequest.BodyPublisher body =
                BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> Body.of(length)), length);
        return send(HttpRequest.newBuilder(URI.create(url)).POST(body).build(), BodyHandlers.ofString());
    }

    private <T> T send(HttpRequest request, BodyHandler<T> handler) throws IOException {
        try {
            return client.send(request, handler).body();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
