package dev.towpath.stack;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Takes what the driver reports about failures, instead of the console, as long as it is open. */
final class FailureLog extends Handler {
    private final Logger logger = Logger.getLogger(RealTimeDriver.class.getName());
    private final List<String> messages = new CopyOnWriteArrayList<>();

    FailureLog() {
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
    }

    List<String> messages() {
        return messages;
    }

    @Override
    public void publish(LogRecord record) {
        messages.add(record.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
    }
}
