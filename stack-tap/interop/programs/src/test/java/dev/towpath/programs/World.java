package dev.towpath.programs;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;

/** On what a program runs, and which command line that takes. The program is the same in all of them. */
enum World {
    /** The kernel's TCP, over its loopback: what the others are compared with. */
    KERNEL {
        @Override
        List<String> command(List<String> options, String classPath, String main) {
            return java(options, List.of("-cp", classPath, main));
        }

        @Override
        List<String> jar(List<String> options, String jar) {
            return java(options, List.of("-jar", jar));
        }
    },

    /** Towpath, by system properties. */
    PROPERTIES {
        @Override
        List<String> command(List<String> options, String classPath, String main) {
            List<String> properties = List.of(
                    "-Djava.nio.channels.spi.SelectorProvider=dev.towpath.nio.TowpathSelectorProvider",
                    "-Dtowpath.interface=tap:tap0",
                    "-Dtowpath.address=" + STACK + "/24",
                    "-Dtowpath.hostAddress=" + HOST + "/24");
            List<String> all = new ArrayList<>(options);
            all.addAll(properties);
            return java(all, List.of("-cp", classPath + File.pathSeparator + towpath(), main));
        }

        @Override
        List<String> jar(List<String> options, String jar) throws IOException {
            try (JarFile file = new JarFile(jar)) { // -jar leaves no room for a second one
                return command(
                        options, jar, file.getManifest().getMainAttributes().getValue("Main-Class"));
            }
        }
    },

    /** Towpath, by the agent. */
    AGENT {
        @Override
        List<String> command(List<String> options, String classPath, String main) {
            return java(options, List.of(agent(), "-cp", classPath, main));
        }

        @Override
        List<String> jar(List<String> options, String jar) {
            return java(options, List.of(agent(), "-jar", jar));
        }

        private String agent() {
            return "-javaagent:" + towpath() + "=tap:tap0," + STACK + "/24,hostAddress=" + HOST + "/24";
        }
    };

    private static final String STACK = "192.0.2.2";
    private static final String HOST = "192.0.2.1";
    private static final String LOOPBACK = "127.0.0.1";

    /** This one, unless the whole run is to happen in another: {@code -Dprograms.world=kernel}. */
    World orAsAsked() {
        return "kernel".equals(System.getProperty("programs.world")) ? KERNEL : this;
    }

    /** Where this JVM, which is on the kernel, finds a program of this world. */
    String programAddress() {
        return this == KERNEL ? LOOPBACK : STACK;
    }

    /** Where a program of this world finds this JVM. */
    String testAddress() {
        return this == KERNEL ? LOOPBACK : HOST;
    }

    /** The beginning of a command line that starts a class. */
    abstract List<String> command(List<String> options, String classPath, String main);

    /** The beginning of a command line that starts a jar. */
    abstract List<String> jar(List<String> options, String jar) throws IOException;

    private static List<String> java(List<String> options, List<String> rest) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(options);
        command.addAll(rest);
        return command;
    }

    private static String towpath() {
        return Programs.property("programs.towpath");
    }
}
