package dev.towpath.dns;

/** What has become of a question: an {@link Answer}, or none from any server. */
sealed interface Outcome permits Answer, Outcome.NoAnswer {
    /**
     * No server has answered.
     *
     * @param why what each of them did, for people
     * @param silent none of them said anything at all
     */
    record NoAnswer(String why, boolean silent) implements Outcome {}
}
