package dev.towpath.programs;

import java.io.Closeable;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** gRPC over Netty, one end on Towpath and the other one on the kernel. */
@Timeout(180)
class GrpcIT {
    private static final World WORLD = World.PROPERTIES.orAsAsked();
    private static final long LARGE = 64 << 20;

    @BeforeAll
    static void possible() throws IOException {
        Programs.assumePossible();
    }

    @Test
    void server() throws Exception {
        int port = Programs.port();
        try (Program program =
                Program.start(WORLD, GrpcProgram.class, "serve", port).await("ready")) {
            GrpcProgram.call(program.address(), port, LARGE);
        }
    }

    @Test
    void client() throws Exception {
        int port = Programs.port();
        Closeable server = GrpcProgram.serve(port)::shutdownNow;
        try (server;
                Program program = Program.start(WORLD, GrpcProgram.class, "call", WORLD.testAddress(), port, LARGE)) {
            program.awaitEnd();
        }
    }
}
