package dev.towpath.parity;

/** What our channels do otherwise than the JDK's on Linux, and why it stays so. */
enum Difference {
    NO_NAPI_ID(
            "SO_INCOMING_NAPI_ID is not supported.",
            "It names the queue of a network card that the kernel polls; there is neither here.");

    private final String what;
    private final String why;

    Difference(String what, String why) {
        this.what = what;
        this.why = why;
    }

    boolean in(World world) {
        return world.isOurs();
    }

    @Override
    public String toString() {
        return what + " " + why;
    }
}
