package dev.towpath.programs;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A key and a certificate for the addresses of the tests, for this JVM and for the programs. */
final class Keys {
    private static final String PASSWORD = "towpath";
    private static final String ALIAS = "site";
    private static final String KEYS = "keys.p12";
    private static final String TRUST = "trust.p12";

    private static @Nullable Path store;

    private Keys() {}

    /** Makes them what this JVM's TLS uses. */
    static void useHere() throws IOException {
        properties().forEach(System::setProperty);
    }

    /** The options that make them what a JVM's TLS uses. */
    static List<String> options() throws IOException {
        List<String> options = new ArrayList<>();
        properties().forEach((name, value) -> options.add("-D" + name + "=" + value));
        return options;
    }

    private static Map<String, String> properties() throws IOException {
        Path directory = directory();
        return Map.of(
                "javax.net.ssl.keyStore",
                directory.resolve(KEYS).toString(),
                "javax.net.ssl.keyStorePassword",
                PASSWORD,
                "javax.net.ssl.trustStore",
                directory.resolve(TRUST).toString(),
                "javax.net.ssl.trustStorePassword",
                PASSWORD);
    }

    private static synchronized Path directory() throws IOException {
        if (store == null) {
            Path directory = Files.createTempDirectory("towpath-programs");
            directory.toFile().deleteOnExit();
            generate(directory.resolve(KEYS));
            trust(directory.resolve(KEYS), directory.resolve(TRUST));
            directory.resolve(KEYS).toFile().deleteOnExit(); // before their directory: the last one first
            directory.resolve(TRUST).toFile().deleteOnExit();
            store = directory;
        }
        return store;
    }

    private static void generate(Path file) throws IOException {
        List<String> command = List.of(
                System.getProperty("java.home") + "/bin/keytool",
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=site",
                "-validity",
                "2",
                "-ext",
                "SAN=ip:127.0.0.1,ip:192.0.2.1,ip:192.0.2.2",
                "-ext",
                "BC=ca:true",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString());
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String complaint = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!Files.exists(file)) {
            throw new IOException("keytool: " + complaint);
        }
    }

    /** Not every program takes a key's own certificate for a trusted one. */
    private static void trust(Path keys, Path trusted) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
            KeyStore trust = KeyStore.getInstance("PKCS12");
            trust.load(null, null);
            trust.setCertificateEntry(ALIAS, store.getCertificate(ALIAS));
            try (OutputStream out = Files.newOutputStream(trusted)) {
                trust.store(out, PASSWORD.toCharArray());
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }
}
