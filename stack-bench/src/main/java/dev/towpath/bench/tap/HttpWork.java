package dev.towpath.bench.tap;

/** What is asked of an HTTP server. */
enum HttpWork {
    /** A small page, again and again on 16 connections that are kept. */
    REQUESTS_16("16", "requests/s"),
    /** The same on 64. */
    REQUESTS_64("64", "requests/s"),
    /** A gigabyte on one. */
    DOWNLOAD("download", "Gbit/s");

    /** Bytes of the large page. */
    static final long LARGE = 1_000_000_000;

    private final String word;
    private final String unit;

    HttpWork(String word, String unit) {
        this.word = word;
        this.unit = unit;
    }

    String word() {
        return word;
    }

    String unit() {
        return unit;
    }
}
