package dev.towpath.programs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;

/** Embedded Tomcat with its NIO connector: {@code TomcatServer PORT [tls]}. */
public final class TomcatServer {
    private static final Logger LOG = Logger.getLogger("org.apache");

    private TomcatServer() {}

    /** Serves until the process ends. */
    public static void main(String[] arguments) throws IOException, LifecycleException {
        start(Integer.parseInt(arguments[0]), arguments.length > 1);
        System.out.println("ready");
    }

    /** Serves until it is closed; with TLS, certificate and key are those of {@code javax.net.ssl.keyStore}. */
    public static Closeable start(int port, boolean tls) throws IOException, LifecycleException {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Files.createTempDirectory("tomcat").toString());
        LOG.setLevel(Level.SEVERE); // it warns of every leak that it does not look for
        tomcat.setSilent(true);
        Connector connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
        connector.setPort(port);
        connector.setProperty("maxKeepAliveRequests", "-1");
        if (tls) {
            secure(connector);
        }
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", null);
        Tomcat.addServlet(context, "site", new SiteServlet()).addMapping("/*");
        tomcat.start();
        return () -> {
            try {
                tomcat.stop();
                tomcat.destroy();
            } catch (LifecycleException e) {
                throw new IOException(e);
            }
        };
    }

    private static void secure(Connector connector) {
        connector.setProperty("SSLEnabled", "true");
        connector.setScheme("https");
        connector.setSecure(true);
        SSLHostConfig host = new SSLHostConfig();
        SSLHostConfigCertificate keys = new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.UNDEFINED);
        keys.setCertificateKeystoreFile(System.getProperty("javax.net.ssl.keyStore"));
        keys.setCertificateKeystorePassword(System.getProperty("javax.net.ssl.keyStorePassword"));
        host.addCertificate(keys);
        connector.addSslHostConfig(host);
    }
}
