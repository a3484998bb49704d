package dev.towpath.programs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** The HTTP server that comes with the JDK: {@code JdkServer PORT [tls]}. */
public final class JdkServer {
    private static final int BACKLOG = 1024;

    static {
        // head and body are two segments: without it, the second one waits for the client's delayed ACK of the first
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "2000"); // beyond, it closes them; 200 otherwise
    }

    private JdkServer() {}

    /** Serves until the process ends. */
    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        start(Integer.parseInt(arguments[0]), arguments.length > 1);
        System.out.println("ready");
    }

    /** Serves until it is closed; with TLS, certificate and key are those of {@code javax.net.ssl.keyStore}. */
    public static Closeable start(int port, boolean tls) throws IOException, GeneralSecurityException {
        HttpServer server = tls ? HttpsServer.create() : HttpServer.create();
        if (server instanceof HttpsServer https) {
            https.setHttpsConfigurator(new HttpsConfigurator(SSLContext.getDefault()));
        }
        server.bind(new InetSocketAddress(port), BACKLOG);
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/", JdkServer::handle);
        server.start();
        return () -> {
            server.stop(0);
            threads.shutdownNow();
        };
    }

    private static void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            int port = exchange.getRemoteAddress().getPort();
            Site.Answer answer = Site.answer(exchange.getRequestURI().getPath(), exchange.getRequestBody(), port);
            exchange.sendResponseHeaders(answer.status(), answer.length());
            answer.body().transferTo(exchange.getResponseBody());
        }
    }
}
