package dev.towpath.programs;

import java.io.IOException;
import java.io.InputStream;

/** A client of HTTP, whoever wrote it. */
public interface Client {
    /** The body of what is answered; whoever asks reads all of it. */
    InputStream get(String url) throws IOException;

    /** Sends so many bytes and returns what is answered. */
    String post(String url, long length) throws IOException;
}
