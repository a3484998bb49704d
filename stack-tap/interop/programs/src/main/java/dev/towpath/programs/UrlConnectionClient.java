package dev.towpath.programs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** What the JDK has had for HTTP from the beginning: {@code UrlConnectionClient BYTES SERVER...}. */
public final class UrlConnectionClient implements Client {
    /** Visits the servers. */
    public static void main(String[] arguments) throws IOException {
        for (int i = 1; i < arguments.length; i++) {
            Visit.payAll(new UrlConnectionClient(), Long.parseLong(arguments[0]), arguments[i]);
        }
    }

    @Override
    public InputStream get(String url) throws IOException {
        return open(url).getInputStream();
    }

    @Override
    public String post(String url, long length) throws IOException {
        HttpURLConnection connection = open(url);
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(length);
        try (OutputStream out = connection.getOutputStream()) {
            Body.of(length).transferTo(out);
        }
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static HttpURLConnection open(String url) throws IOException {
        return (HttpURLConnection) URI.create(url).toURL().openConnection();
    }
}
