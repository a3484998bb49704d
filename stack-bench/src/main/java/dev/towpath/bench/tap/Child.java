package dev.towpath.bench.tap;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that answers each line with a line, and whose complaints go to a file. */
final class Child implements Closeable {
    private static final int PATIENCE_SECONDS = 10;
    private static final int MOST_OF_COMPLAINT = 2000;

    private final Process process;
    private final Path complaints;
    private final Writer in;
    private final BufferedReader out;

    Child(List<String> command) throws IOException {
        complaints = Files.createTempFile("towpath-bench", ".log");
        process = new ProcessBuilder(command).redirectError(complaints.toFile()).start();
        in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    long pid() {
        return process.pid();
    }

    /** Sends a line and returns the next one. */
    String ask(String line) throws IOException {
        tell(line);
        return readLine();
    }

    /** Sends a line that will be answered later. */
    void tell(String line) throws IOException {
        in.write(line + "\n");
        in.flush();
    }

    /** Waits until it says {@code word}; a JVM that records says something itself before. */
    void await(String word) throws IOException {
        String line = readLine();
        while (!line.equals(word)) {
            line = readLine();
        }
    }

    /** The next line that it says. */
    String readLine() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("process " + process.pid() + " has ended: " + complaint());
        }
        return line;
    }

    /** The end of what it has complained about. */
    String complaint() throws IOException {
        String text = Files.readString(complaints).strip();
        return text.substring(Math.max(text.length() - MOST_OF_COMPLAINT, 0));
    }

    /** Ends it in order, so that a recording is written; then by force. */
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(complaints);
    }
}
