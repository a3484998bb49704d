package dev.towpath.bench.tap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the kernel tells of a process and of the network namespace that it lives in: proc(5). */
final class ProcFiles {
    /** {@code USER_HZ}, in which Linux tells CPU times; 100 on every architecture that has a JVM. */
    private static final double TICKS_PER_SECOND = 100;

    private static final long KIB = 1024;

    private ProcFiles() {}

    /** Seconds of CPU time that process {@code pid} has used, in the kernel too. */
    static double cpuSeconds(long pid) throws IOException {
        String stat = Files.readString(process(pid).resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1); // from field 3 on
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /** Bytes of process {@code pid} that are in memory. */
    static long residentBytes(long pid) throws IOException {
        for (String line : Files.readAllLines(process(pid).resolve("status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * KIB;
            }
        }
        return 0;
    }

    /** A counter of the namespace of process {@code pid}, such as {@code Tcp} {@code RetransSegs}. */
    static long counter(long pid, String protocol, String name) throws IOException {
        String file = protocol.endsWith("Ext") ? "net/netstat" : "net/snmp";
        List<String> lines = Files.readAllLines(process(pid).resolve(file));
        for (int i = 0; i + 1 < lines.size(); i += 2) { // a line of names, a line of values
            List<String> names = List.of(lines.get(i).split(" ", -1));
            if (names.get(0).equals(protocol + ":")) {
                return Long.parseLong(lines.get(i + 1).split(" ", -1)[names.indexOf(name)]);
            }
        }
        throw new IOException("no counter " + protocol + name);
    }

    /** The first processor that this process may use. */
    static String firstProcessor() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("Cpus_allowed_list:")) {
                return line.replaceAll("^\\D*(\\d+).*$", "$1");
            }
        }
        return "0";
    }

    private static Path process(long pid) {
        return Path.of("/proc", Long.toString(pid));
    }
}
