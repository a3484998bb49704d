package dev.towpath.programs;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.CallStreamObserver;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;

/** gRPC over Netty without generated code: {@code GrpcProgram serve PORT}, {@code GrpcProgram call HOST PORT BYTES}. */
public final class GrpcProgram {
    private static final MethodDescriptor<byte[], byte[]> ECHO = method("echo", MethodType.UNARY);
    private static final MethodDescriptor<byte[], byte[]> DOWNLOAD = method("download", MethodType.SERVER_STREAMING);
    private static final MethodDescriptor<byte[], byte[]> UPLOAD = method("upload", MethodType.CLIENT_STREAMING);
    private static final int PIECE = 64 * 1024;
    private static final int ECHOES = 300;

    private GrpcProgram() {}

    /** Serves until the process ends, or calls a server. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments[0].equals("serve")) {
            Server server = serve(Integer.parseInt(arguments[1]));
            System.out.println("ready");
            server.awaitTermination(); // its threads alone would not keep the JVM
        } else {
            call(arguments[1], Integer.parseInt(arguments[2]), Long.parseLong(arguments[3]));
            System.out.println("ok");
        }
    }

    /** Serves until it is shut down. */
    public static Server serve(int port) throws IOException {
        return NettyServerBuilder.forPort(port)
                .addService(ServerServiceDefinition.builder("Site")
                        .addMethod(ECHO, ServerCalls.asyncUnaryCall(GrpcProgram::echo))
                        .addMethod(DOWNLOAD, ServerCalls.asyncServerStreamingCall(GrpcProgram::download))
                        .addMethod(UPLOAD, ServerCalls.asyncClientStreamingCall(GrpcProgram::upload))
                        .build())
                .build()
                .start();
    }

    /** Calls each method of the server there. */
    public static void call(String host, int port, long bytes) throws IOException {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(host, port).usePlaintext().build();
        try {
            for (int i = 0; i < ECHOES; i++) {
                byte[] sent = Body.of(i).readAllBytes();
                byte[] echo = ClientCalls.blockingUnaryCall(channel, ECHO, CallOptions.DEFAULT, sent);
                expect(Arrays.equals(sent, echo), "echo of " + i + " bytes");
            }
            expect(downloadedHash(channel, bytes).equals(Body.hashOf(bytes)), "download");
            expect(uploadedHash(channel, bytes).equals(Body.hashOf(bytes)), "upload");
        } finally {
            channel.shutdownNow();
        }
    }

    private static String downloadedHash(ManagedChannel channel, long bytes) {
        MessageDigest digest = Body.sha256();
        Iterator<byte[]> pieces = ClientCalls.blockingServerStreamingCall(
                channel, DOWNLOAD, CallOptions.DEFAULT, text(Long.toString(bytes)));
        pieces.forEachRemaining(digest::update);
        return Body.hex(digest);
    }

    private static String uploadedHash(ManagedChannel channel, long bytes) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        ClientResponseObserver<byte[], byte[]> observer = new ClientResponseObserver<>() {
            @Override
            public void beforeStart(ClientCallStreamObserver<byte[]> out) {
                pump(Body.of(bytes), out);
            }

            @Override
            public void onNext(byte[] hash) {
                answer.complete(hash);
            }

            @Override
            public void onError(Throwable failure) {
                answer.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {
                // the hash has come before
            }
        };
        ClientCalls.asyncClientStreamingCall(channel.newCall(UPLOAD, CallOptions.DEFAULT), observer);
        return new String(answer.join(), StandardCharsets.UTF_8);
    }

    private static void echo(byte[] request, StreamObserver<byte[]> out) {
        out.onNext(request);
        out.onCompleted();
    }

    private static void download(byte[] request, StreamObserver<byte[]> out) {
        pump(Body.of(Long.parseLong(new String(request, StandardCharsets.UTF_8))), (CallStreamObserver<byte[]>) out);
    }

    private static StreamObserver<byte[]> upload(StreamObserver<byte[]> out) {
        MessageDigest digest = Body.sha256();
        return new StreamObserver<>() {
            @Override
            public void onNext(byte[] piece) {
                digest.update(piece);
            }

            @Override
            public void onError(Throwable failure) {
                // the client is gone, and nobody waits for the hash
            }

            @Override
            public void onCompleted() {
                out.onNext(text(Body.hex(digest)));
                out.onCompleted();
            }
        };
    }

    /** Sends all of it, as fast as the other end takes it. */
    private static void pump(InputStream from, CallStreamObserver<byte[]> out) {
        boolean[] ended = {false};
        out.setOnReadyHandler(() -> {
            while (out.isReady() && !ended[0]) {
                byte[] piece = read(from);
                if (piece.length > 0) {
                    out.onNext(piece);
                } else {
                    ended[0] = true;
                    out.onCompleted();
                }
            }
        });
    }

    private static byte[] read(InputStream from) {
        try {
            return from.readNBytes(PIECE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
        MethodDescriptor.Marshaller<byte[]> asIs = new MethodDescriptor.Marshaller<>() {
            @Override
            public InputStream stream(byte[] value) {
                return new java.io.ByteArrayInputStream(value);
            }

            @Override
            public byte[] parse(InputStream stream) {
                try {
                    return stream.readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        return MethodDescriptor.newBuilder(asIs, asIs)
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName("Site", name))
                .build();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void expect(boolean so, String what) throws IOException {
        if (!so) {
            throw new IOException(what + " came otherwise than it was sent");
        }
    }
}
