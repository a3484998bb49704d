package dev.towpath.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpRequestReaderTest {
    private final HttpRequestReader reader = new HttpRequestReader();

    @Test
    void getIsCompleteAtTheEmptyLine() throws Exception {
        assertThat(reader.read(bytes("GET /bytes/10 HTTP/1.1\r\nHost: x\r\n"))).isFalse();
        assertThat(reader.read(bytes("\r\n"))).isTrue();
        assertThat(reader.method()).isEqualTo("GET");
        assertThat(reader.path()).isEqualTo("/bytes/10");
        assertThat(reader.keepAlive()).isTrue();
    }

    @Test
    void requestMayArriveByteByByte() throws Exception {
        byte[] request =
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < request.length; i++) {
            assertThat(reader.read(ByteBuffer.wrap(request, i, 1))).isEqualTo(i == request.length - 1);
        }
        assertThat(reader.bodyLength()).isEqualTo(3);
        assertThat(reader.bodyHash()).isEqualTo(sha256("abc"));
    }

    @Test
    void whatFollowsARequestIsLeftForTheNext() throws Exception {
        ByteBuffer in = bytes("GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(reader.read(in)).isTrue();
        assertThat(reader.path()).isEqualTo("/a");
        reader.next();
        assertThat(reader.read(in)).isTrue();
        assertThat(reader.path()).isEqualTo("/b");
        assertThat(in.hasRemaining()).isFalse();
    }

    @Test
    void chunksMakeABody() throws Exception {
        ByteBuffer in = bytes("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "4;name=value\r\nWiki\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\nrest");
        assertThat(reader.read(in)).isTrue();
        assertThat(reader.bodyLength()).isEqualTo(14);
        assertThat(reader.bodyHash()).isEqualTo(sha256("Wiki0123456789"));
        assertThat(StandardCharsets.US_ASCII.decode(in).toString()).isEqualTo("rest");
    }

    @Test
    void continueIsAskedForOnce() throws Exception {
        reader.read(bytes("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n"));
        assertThat(reader.takeExpectation()).as("headers still come").isFalse();
        reader.read(bytes("\r\n"));
        assertThat(reader.takeExpectation()).isTrue();
        assertThat(reader.takeExpectation()).isFalse();
        assertThat(reader.read(bytes("x"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1,,true",
        "HTTP/1.1,close,false",
        "HTTP/1.0,,false",
        "HTTP/1.0,keep-alive,true",
        "HTTP/1.1,'a, Close',false"
    })
    void connectionLivesAsTheVersionAndTheHeaderSay(String version, String option, boolean lives) throws Exception {
        String header = option == null ? "" : "Connection: " + option + "\r\n";
        reader.read(bytes("GET / " + version + "\r\nHost: x\r\n" + header + "\r\n"));
        assertThat(reader.keepAlive()).isEqualTo(lives);
    }

    @Test
    void hostAndQueryAreNoPartOfThePath() throws Exception {
        reader.read(bytes("GET http://192.0.2.2/counters?x=1 HTTP/1.1\r\nHost: x\r\n\r\n"));
        assertThat(reader.path()).isEqualTo("/counters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /\r\n",
                "GET  / HTTP/1.1\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"
            })
    void nonsenseIsABadRequest(String request) {
        assertThatThrownBy(() -> reader.read(bytes(request)))
                .isInstanceOfSatisfying(
                        HttpError.class, e -> assertThat(e.status()).isEqualTo(400));
    }

    @Test
    void whatIsNotSpokenHasItsOwnStatus() {
        assertStatus(505, "GET / HTTP/2.0\r\n");
        assertStatus(501, "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n");
        assertStatus(414, "GET /" + "a".repeat(9000));
        assertStatus(431, "GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(101));
    }

    private static void assertStatus(int status, String request) {
        assertThatThrownBy(() -> new HttpRequestReader().read(bytes(request)))
                .isInstanceOfSatisfying(
                        HttpError.class, e -> assertThat(e.status()).isEqualTo(status));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] sha256(String text) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
    }
}
