package dev.towpath.programs;

import java.io.Closeable;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** PostgreSQL's driver and H2's server, one of them on Towpath and the other one on the kernel. */
@Timeout(180)
class JdbcIT {
    private static final World PROPERTIES = World.PROPERTIES.orAsAsked();
    private static final World AGENT = World.AGENT.orAsAsked();
    private static final int ROWS = 5000;

    @BeforeAll
    static void possible() throws IOException {
        Programs.assumePossible();
    }

    @Test
    void driverWithASocketFactory() throws Exception {
        String factory = PROPERTIES == World.KERNEL ? "" : "&socketFactory=dev.towpath.net.TowpathSocketFactory";
        int port = Programs.port();
        Closeable server = JdbcProgram.serve(port);
        try (server;
                Program program = Program.start(
                        PROPERTIES, JdbcProgram.class, "ask", url(PROPERTIES.testAddress(), port) + factory, ROWS)) {
            program.awaitEnd();
        }
    }

    @Test
    void driverWithTheAgent() throws Exception {
        int port = Programs.port();
        Closeable server = JdbcProgram.serve(port);
        try (server;
                Program program =
                        Program.start(AGENT, JdbcProgram.class, "ask", url(AGENT.testAddress(), port), ROWS)) {
            program.awaitEnd();
        }
    }

    @Test
    void server() throws Exception {
        int port = Programs.port();
        try (Program program =
                Program.start(AGENT, JdbcProgram.class, "serve", port).await("ready")) {
            JdbcProgram.ask(url(program.address(), port), ROWS);
        }
    }

    private static String url(String address, int port) {
        return "jdbc:postgresql://" + address + ":" + port + "/mem:freight?user=sa&password=towpath";
    }
}
