package dev.towpath.cli;

import dev.towpath.cli.demo.Demo;
import dev.towpath.link.MemoryWire;
import dev.towpath.stack.NetworkStack;
import dev.towpath.tap.KernelInterface;
import dev.towpath.tap.Namespaces;
import dev.towpath.tap.TapDevice;
import dev.towpath.wire.IpPrefix;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demo}: a stack against the kernel, in a namespace that is gone afterwards. */
@Command(
        name = "demo",
        description =
                "Brings a stack up on a TAP in a private network namespace and checks it against the kernel: ping, web, UDP,"
                        + " bulk data with hashes, a thousand connections. Exit status 0 only if everything holds.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private static final IpPrefix STACK = IpPrefix.parse("192.0.2.2/24");
    private static final IpPrefix PEER = IpPrefix.parse("192.0.2.1/24");

    @Option(names = "--stay", description = "Leave it up, and say how to reach it, until Ctrl-C")
    private boolean stay;

    @Option(
            names = "--bytes",
            paramLabel = "N",
            description = "Bytes to move in each direction. Default: ${DEFAULT-VALUE}")
    private long bytes = 256L << 20;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        String obstacle = Namespaces.entered() ? Namespaces.tapObstacle() : null;
        if (obstacle == null && !Namespaces.entered()) {
            Namespaces namespaces = Namespaces.probe();
            obstacle = namespaces.obstacle();
            if (obstacle == null) {
                return namespaces.rerun(Main.class, arguments());
            }
            obstacle = "no private network namespace: " + obstacle;
        }
        return obstacle == null ? onTap() : inMemory(obstacle);
    }

    private int onTap() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        KernelInterface.loopbackUp();
        TapDevice tap = TapDevice.named("tap0").hostAddress(PEER).open();
        NetworkStack stack = NetworkStack.builder()
                .name("demo")
                .device(tap, STACK.toString())
                .start();
        out.println("the stack is " + STACK.address() + ", the kernel is " + PEER.address() + ", between them " + tap);
        out.println();
        try (Demo demo = Demo.withKernel(stack, STACK.address(), PEER.address(), out)) {
            int status = demo.run(bytes) ? 0 : 1;
            if (stay) {
                out.println();
                out.println("  try: " + Namespaces.enterCommand() + " curl http://" + STACK.address() + "/");
                out.println("  Ctrl-C ends it");
                out.flush();
                awaitEnd(demo);
            }
            return status;
        }
    }

    private int inMemory(String obstacle) throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        out.println("No TAP here (" + obstacle + "): two stacks over a wire in memory instead.");
        out.println();
        MemoryWire wire = new MemoryWire();
        NetworkStack stack = NetworkStack.builder()
                .name("demo")
                .device(wire.left(), STACK.toString())
                .start();
        NetworkStack other = NetworkStack.builder()
                .name("peer")
                .device(wire.right(), PEER.toString())
                .start();
        try (Demo demo = Demo.withStack(stack, STACK.address(), other, PEER.address(), out)) {
            int status = demo.run(bytes) ? 0 : 1;
            if (stay) {
                out.println("  --stay has no use here: nobody else is on that wire");
            }
            return status;
        }
    }

    /** What this command was called with, for another JVM. */
    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("demo", "--bytes", Long.toString(bytes)));
        if (stay) {
            arguments.add("--stay");
        }
        return arguments;
    }

    private static void awaitEnd(Demo demo) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(demo::close, "towpath-end"));
        new CountDownLatch(1).await();
    }
}
