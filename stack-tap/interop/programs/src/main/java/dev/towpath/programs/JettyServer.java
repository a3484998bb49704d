package dev.towpath.programs;

import java.io.Closeable;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Jetty 12 with HTTP/1.1 and HTTP/2 on one port: {@code JettyServer PORT [tls]}. */
public final class JettyServer {
    private JettyServer() {}

    /** Serves until the process ends. */
    public static void main(String[] arguments) throws Exception {
        start(Integer.parseInt(arguments[0]), arguments.length > 1);
        System.out.println("ready");
    }

    /** Serves until it is closed; with TLS, certificate and key are those of {@code javax.net.ssl.keyStore}. */
    public static Closeable start(int port, boolean tls) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server, tls ? secure() : plain());
        connector.setPort(port);
        server.addConnector(connector);
        ServletContextHandler handler = new ServletContextHandler();
        handler.addServlet(SiteServlet.class, "/*");
        server.setHandler(handler);
        server.start();
        return () -> {
            try {
                server.stop();
            } catch (Exception e) {
                throw new java.io.IOException(e);
            }
        };
    }

    private static ConnectionFactory[] plain() {
        HttpConfiguration http = new HttpConfiguration();
        return new ConnectionFactory[] {new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http)};
    }

    private static ConnectionFactory[] secure() throws GeneralSecurityException {
        HttpConfiguration http = new HttpConfiguration();
        http.addCustomizer(new SecureRequestCustomizer(false));
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setSslContext(SSLContext.getDefault());
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol("http/1.1");
        return new ConnectionFactory[] {
            new SslConnectionFactory(tls, alpn.getProtocol()),
            alpn,
            new HTTP2ServerConnectionFactory(http),
            new HttpConnectionFactory(http)
        };
    }
}
