package dev.towpath.programs;

import java.io.IOException;
import java.io.InputStream;
import javax.net.SocketFactory;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * OkHttp: {@code OkHttpProgram BYTES SERVER...}. The class of its sockets' factory, if it shall have another than the
 * JDK's, comes in the system property {@code socketFactory}.
 */
public final class OkHttpProgram implements Client {
    private final OkHttpClient client;

    /** A client with that factory of sockets. */
    public OkHttpProgram(SocketFactory sockets) {
        client = new OkHttpClient.Builder().socketFactory(sockets).build();
    }

    /** Visits the servers. */
    public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
        String factory = System.getProperty("socketFactory");
        SocketFactory sockets = factory == null
                ? SocketFactory.getDefault()
                : Class.forName(factory)
                        .asSubclass(SocketFactory.class)
                        .getConstructor()
                        .newInstance();
        for (int i = 1; i < arguments.length; i++) {
            Visit.payAll(new OkHttpProgram(sockets), Long.parseLong(arguments[0]), arguments[i]);
        }
        System.exit(0); // the client's threads would wait for more
    }

    @Override
    public InputStream get(String url) throws IOException {
        return execute(new Request.Builder().url(url).build()).body().byteStream();
    }

    @Override
    public String post(String url, long length) throws IOException {
        RequestBody body = new RequestBody() {
            @Override
            public @Nullable MediaType contentType() {
                return null;
            }

            @Override
            public long contentLength() {
                return length;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                sink.writeAll(Okio.source(Body.of(length)));
            }
        };
        return execute(new Request.Builder().url(url).post(body).build()).body().string();
    }

    private Response execute(Request request) throws IOException {
        return client.newCall(request).execute();
    }
}
