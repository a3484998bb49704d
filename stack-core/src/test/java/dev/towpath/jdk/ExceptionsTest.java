package dev.towpath.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.socket.Errno;
import dev.towpath.socket.ErrnoException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The table was read off the JDK on Linux. */
class ExceptionsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ECONNREFUSED  | connect | java.net.ConnectException         | Connection refused
            ETIMEDOUT     | connect | java.net.ConnectException         | Connection timed out
            EHOSTUNREACH  | connect | java.net.NoRouteToHostException   | No route to host
            ENETUNREACH   | connect | java.net.SocketException          | Network is unreachable
            EADDRNOTAVAIL | connect | java.net.BindException            | Cannot assign requested address
            EAGAIN        | connect | java.net.SocketTimeoutException   | Connect timed out
            EADDRINUSE    | bind    | java.net.BindException            | Address already in use
            EADDRNOTAVAIL | bind    | java.net.BindException            | Cannot assign requested address
            EAGAIN        | accept  | java.net.SocketTimeoutException   | Accept timed out
            EBADF         | accept  | java.net.SocketException          | Socket closed
            EAGAIN        | recv    | java.net.SocketTimeoutException   | Read timed out
            ECONNRESET    | recv    | java.net.SocketException          | Connection reset
            ETIMEDOUT     | recv    | java.net.SocketException          | Connection timed out
            ECONNRESET    | send    | java.net.SocketException          | Connection reset by peer
            EPIPE         | send    | java.net.SocketException          | Broken pipe
            """)
    void ofStreamSockets(Errno errno, String call, Class<?> type, String message) {
        check(Exceptions.stream(failure(errno, call)), type, message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ECONNREFUSED  | connect | java.net.ConnectException                      | Connection refused
            EADDRINUSE    | bind    | java.net.BindException                         | Address already in use
            EBADF         | recv    | java.nio.channels.ClosedChannelException       |
            EINTR         | recv    | java.nio.channels.ClosedByInterruptException   |
            ECONNRESET    | recv    | java.net.SocketException                       | Connection reset
            ECONNRESET    | send    | java.io.IOException                            | Connection reset by peer
            EPIPE         | send    | java.io.IOException                            | Broken pipe
            """)
    void ofStreamChannels(Errno errno, String call, Class<?> type, String message) {
        check(Exceptions.channel(failure(errno, call)), type, message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            EAGAIN        | recvfrom | java.net.SocketTimeoutException   | Receive timed out
            ECONNREFUSED  | recvfrom | java.net.PortUnreachableException |
            ECONNREFUSED  | send     | java.net.PortUnreachableException |
            EBADF         | recv     | java.net.SocketException          | Socket closed
            EMSGSIZE      | sendto   | java.net.SocketException          | Message too long
            EACCES        | sendto   | java.net.BindException            | Permission denied
            EHOSTUNREACH  | sendto   | java.net.NoRouteToHostException   | No route to host
            """)
    void ofDatagramSockets(Errno errno, String call, Class<?> type, String message) {
        check(Exceptions.datagram(failure(errno, call)), type, message);
    }

    @Test
    void ofAConnectionThatFailsLater() {
        IOException refused = Exceptions.connect(Errno.ECONNREFUSED, "to 192.0.2.1:80");
        check(refused, java.net.ConnectException.class, "Connection refused");
    }

    @ParameterizedTest
    @EnumSource
    void everyErrnoHasAMessage(Errno errno) {
        assertThat(Exceptions.stream(failure(errno, "getsockopt"))).message().isNotBlank();
    }

    private static ErrnoException failure(Errno errno, String call) {
        return new ErrnoException(errno, call, "", null);
    }

    private static void check(IOException thrown, Class<?> type, String message) {
        assertThat(thrown).isExactlyInstanceOf(type).hasMessage(message).cause().isInstanceOf(ErrnoException.class);
    }
}
