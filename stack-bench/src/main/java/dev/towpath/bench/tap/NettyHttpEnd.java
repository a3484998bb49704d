package dev.towpath.bench.tap;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;

/** An HTTP server on Netty's NIO transport, on whichever stack its JVM was given: as {@link JdkHttpEnd}. */
final class NettyHttpEnd {
    private static final int PIECE = 64 * 1024;
    private static final int BACKLOG = 256;
    private static final String BYTES = "/bytes/";
    private static final ByteBuf SMALL = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer().writeBytes("Hello, world!".getBytes(StandardCharsets.US_ASCII)));
    private static final ByteBuf LARGE =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(PIECE).writeZero(PIECE));

    private NettyHttpEnd() {}

    /** Serves until the process ends. */
    @SuppressWarnings("deprecation") // the transport that Netty 4.1 and 4.2 both have
    public static void main(String[] arguments) throws InterruptedException {
        new ServerBootstrap()
                .group(new NioEventLoopGroup(1), new NioEventLoopGroup())
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new HttpServerCodec(), new Site());
                    }
                })
                .bind(Ports.HTTP)
                .sync();
    }

    private static final class Site extends SimpleChannelInboundHandler<HttpObject> {
        private long left;

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
            if (message instanceof HttpRequest request) {
                if (request.uri().startsWith(BYTES)) {
                    left = Long.parseLong(request.uri().substring(BYTES.length()));
                    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
                    head.headers().set(HttpHeaderNames.CONTENT_LENGTH, left);
                    ChannelFuture ignored = context.write(head, context.voidPromise()); // failures close the channel
                    pump(context);
                } else {
                    HttpResponse small =
                            new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, SMALL.duplicate());
                    small.headers().set(HttpHeaderNames.CONTENT_LENGTH, SMALL.readableBytes());
                    ChannelFuture ignored = context.write(small, context.voidPromise());
                }
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            pump(context);
        }

        /** Writes as much as the channel takes without heaping it up. */
        private void pump(ChannelHandlerContext context) {
            while (left > 0 && context.channel().isWritable()) {
                int now = (int) Math.min(left, PIECE);
                left -= now;
                context.writeAndFlush(new DefaultHttpContent(LARGE.duplicate().writerIndex(now)))
                        .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
                if (left == 0) {
                    context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
                            .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
                }
            }
        }
    }
}
