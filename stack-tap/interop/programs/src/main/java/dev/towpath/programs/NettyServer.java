package dev.towpath.programs;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.stream.ChunkedWriteHandler;
import java.io.Closeable;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** A server on Netty's NIO transport: {@code NettyServer PORT [tls]}. */
public final class NettyServer {
    private static final int BACKLOG = 1024;

    private NettyServer() {}

    /** Serves until the process ends. */
    public static void main(String[] arguments) throws GeneralSecurityException, InterruptedException {
        start(Integer.parseInt(arguments[0]), arguments.length > 1);
        System.out.println("ready");
    }

    /** Serves until it is closed; with TLS, certificate and key are those of {@code javax.net.ssl.keyStore}. */
    @SuppressWarnings("deprecation") // what the whole world's Netty 4.1 programs say, and 4.2 would rather not hear
    public static Closeable start(int port, boolean tls) throws GeneralSecurityException, InterruptedException {
        SSLContext keys = SSLContext.getDefault();
        NettySite.Meeting meeting = new NettySite.Meeting();
        EventLoopGroup acceptor = new NioEventLoopGroup(1);
        EventLoopGroup workers = new NioEventLoopGroup();
        new ServerBootstrap()
                .group(acceptor, workers)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (tls) {
                            JdkSslContext context = new JdkSslContext(keys, false, ClientAuth.NONE);
                            channel.pipeline().addLast(context.newHandler(channel.alloc()));
                        }
                        channel.pipeline()
                                .addLast(new HttpServerCodec(), new ChunkedWriteHandler(), new NettySite(meeting));
                    }
                })
                .bind(port)
                .sync();
        return () -> {
            acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
            workers.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        };
    }
}
