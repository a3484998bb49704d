package dev.towpath.socket;

/** One entry of {@link BerkeleySockets#poll}, like C's {@code struct pollfd}. */
public final class PollFd {
    /** The descriptor; a negative one is passed over. */
    public int fd;

    /** What to wait for: POLLIN, POLLOUT, POLLRDHUP. */
    public short events;

    /** What has been found, POLLERR, POLLHUP and POLLNVAL included. */
    public short revents;

    /** An entry that waits for {@code events} on {@code fd}. */
    public PollFd(int fd, int events) {
        this.fd = fd;
        this.events = (short) events;
    }
}
