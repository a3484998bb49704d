package dev.towpath.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Results as JSON files. */
public final class Results {
    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    private Results() {}

    /** Writes {@code results}, and the directories above the file. */
    public static void write(Path file, Object results) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, GSON.toJson(results) + "\n");
    }

    /**
     * Reads what was written.
     *
     * @throws IOException also if the file holds something else
     */
    public static <T> T read(Path file, Class<T> type) throws IOException {
        try {
            T results = GSON.fromJson(Files.readString(file), type);
            if (results == null) {
                throw new IOException(file + " is empty");
            }
            return results;
        } catch (JsonParseException e) {
            throw new IOException(file + " is not what was expected: " + e.getMessage(), e);
        }
    }
}
