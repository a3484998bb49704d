package dev.towpath.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.net.World.Host.Pair;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSSE layered over the stack's sockets, as client and as server. */
@SuppressWarnings("try") // closing early is what is tested
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsTest {
    private static final char[] PASSWORD = "password".toCharArray();

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void bothEndsSpeakTls(String version, @TempDir Path directory) throws Exception {
        SSLSocketFactory tls = context(directory).getSocketFactory();
        byte[] data = new byte[300_000];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (i * 7);
        }
        try (World.Host host = World.TOWPATH.open();
                Pair pair = host.pair();
                SSLSocket client = (SSLSocket) tls.createSocket(pair.client(), "localhost", 443, true);
                SSLSocket server = (SSLSocket) tls.createSocket(pair.server(), (InputStream) null, true)) {
            client.setEnabledProtocols(new String[] {version});
            Background echo = Background.run(() -> {
                server.getInputStream().transferTo(server.getOutputStream());
                server.shutdownOutput();
            });
            Background writer = Background.run(() -> {
                client.getOutputStream().write(data);
                client.shutdownOutput();
            });
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(data);
            assertThat(client.getSession().getProtocol()).isEqualTo(version);
            writer.join();
            echo.join();
        }
    }

    @Test
    @SuppressWarnings("try") // to close early is the point
    void closingTheLayerClosesTheSocketBelow(@TempDir Path directory) throws Exception {
        SSLSocketFactory tls = context(directory).getSocketFactory();
        try (World.Host host = World.TOWPATH.open();
                Pair pair = host.pair();
                SSLSocket client = (SSLSocket) tls.createSocket(pair.client(), "localhost", 443, true);
                SSLSocket server = (SSLSocket) tls.createSocket(pair.server(), (InputStream) null, true)) {
            Background talk = Background.run(
                    () -> assertThat(server.getInputStream().read()).isEqualTo(-1));
            client.startHandshake();
            client.close();
            talk.join();
            assertThat(pair.client().isClosed()).isTrue();
        }
    }

    private SSLContext context(Path directory) throws Exception {
        Path store = directory.resolve("keys.p12");
        keytool(store);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    private static void keytool(Path store) throws IOException, InterruptedException {
        if (Files.exists(store)) {
            return;
        }
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-validity",
                        "3650",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
    }
}
