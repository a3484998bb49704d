package dev.towpath.programs;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.stream.ChunkedStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@link Site} as Netty likes it: what is sent is hashed piece by piece as it comes, nothing blocks. Besides,
 * {@code GET /meet/N} is answered when N clients have asked for it.
 */
final class NettySite extends SimpleChannelInboundHandler<HttpObject> {
    private static final String MEET = "/meet/";
    private static final int CHUNK = 64 * 1024;

    private final Meeting meeting;
    private final MessageDigest digest = Body.sha256();
    private String path = "";

    NettySite(Meeting meeting) {
        this.meeting = meeting;
    }

    /** Those who wait for the others; one for all connections. */
    static final class Meeting {
        private final List<Runnable> waiting = new ArrayList<>();

        private synchronized void join(int count, Runnable answer) {
            waiting.add(answer);
            if (waiting.size() == count) {
                waiting.forEach(Runnable::run);
                waiting.clear();
            }
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) throws IOException {
        if (message instanceof HttpRequest request) {
            path = request.uri();
        }
        if (message instanceof HttpContent content) {
            digest.update(content.content().nioBuffer());
        }
        if (message instanceof LastHttpContent) {
            answer(context);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        ChannelFuture ignored = context.close(); // clients come and go
    }

    private void answer(ChannelHandlerContext context) throws IOException {
        String hash = Body.hex(digest);
        if (path.startsWith(MEET)) {
            int count = Integer.parseInt(path.substring(MEET.length()));
            meeting.join(count, () -> send(context, text("met")));
        } else if (path.equals("/hash")) {
            send(context, text(hash));
        } else {
            int port = ((InetSocketAddress) context.channel().remoteAddress()).getPort();
            send(context, Site.answer(path, new ByteBufInputStream(Unpooled.EMPTY_BUFFER), port));
        }
    }

    private static Site.Answer text(String text) {
        ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        return new Site.Answer(HttpResponseStatus.OK.code(), bytes.readableBytes(), new ByteBufInputStream(bytes));
    }

    private static void send(ChannelHandlerContext context, Site.Answer answer) {
        HttpResponse response =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()));
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, answer.length());
        context.write(response).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        context.writeAndFlush(new HttpChunkedInput(new ChunkedStream(answer.body(), CHUNK)))
                .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
}
