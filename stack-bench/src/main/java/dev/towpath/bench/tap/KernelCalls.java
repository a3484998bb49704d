package dev.towpath.bench.tap;

/**
 * Linux's socket calls as JNR binds them, memory passed as addresses: a few nanoseconds each and no garbage, so that a
 * client in Java measures what one in C would. Public because JNR implements it; use {@link KernelSocket}.
 */
public interface KernelCalls {
    /** socket(2). */
    int socket(int domain, int type, int protocol);

    /** bind(2). */
    int bind(int descriptor, long address, int length);

    /** listen(2). */
    int listen(int descriptor, int backlog);

    /** connect(2). */
    int connect(int descriptor, long address, int length);

    /** accept4(2). */
    int accept4(int descriptor, long address, long length, int flags);

    /** send(2). */
    long send(int descriptor, long address, long length, int flags);

    /** recv(2). */
    long recv(int descriptor, long address, long length, int flags);

    /** sendmmsg(2). */
    int sendmmsg(int descriptor, long messages, int count, int flags);

    /** recvmmsg(2). */
    int recvmmsg(int descriptor, long messages, int count, int flags, long timeout);

    /** shutdown(2). */
    int shutdown(int descriptor, int how);

    /** close(2). */
    int close(int descriptor);

    /** setsockopt(2). */
    int setsockopt(int descriptor, int level, int option, long value, int length);

    /** epoll_create1(2). */
    int epollCreate1(int flags);

    /** epoll_ctl(2). */
    int epollCtl(int epoll, int operation, int descriptor, long event);

    /** epoll_wait(2). */
    int epollWait(int epoll, long events, int most, int timeoutMillis);
}
