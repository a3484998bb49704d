package dev.towpath.tcp;

import dev.towpath.config.TcpConfig;
import java.util.function.Consumer;

/** {@link TcpConfig#DEFAULT} with some values changed. */
final class TestConfig {
    long mslNanos = TcpConfig.DEFAULT.mslNanos();
    long dataR2Nanos = TcpConfig.DEFAULT.dataR2Nanos();
    int receiveBuffer = TcpConfig.DEFAULT.receiveBuffer();
    int maxTimeWait = TcpConfig.DEFAULT.maxTimeWait();
    int challengeAcksPerSecond = TcpConfig.DEFAULT.challengeAcksPerSecond();

    private TestConfig() {}

    static TcpConfig of(Consumer<TestConfig> change) {
        TestConfig config = new TestConfig();
        change.accept(config);
        TcpConfig all = TcpConfig.DEFAULT;
        return new TcpConfig(
                all.initialRtoNanos(),
                all.minRtoNanos(),
                all.maxRtoNanos(),
                all.delayedAckNanos(),
                config.mslNanos,
                all.synR2Nanos(),
                config.dataR2Nanos,
                all.finWait2Nanos(),
                all.sendBuffer(),
                config.receiveBuffer,
                config.maxTimeWait,
                config.challengeAcksPerSecond);
    }
}
