package dev.towpath.net;

import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** What another thread does meanwhile. */
record Background(Thread thread, FutureTask<Void> task) {
    /** What it does. */
    interface Task {
        void run() throws Exception;
    }

    static Background run(Task task) {
        FutureTask<Void> future = new FutureTask<>(() -> {
            task.run();
            return null;
        });
        Thread thread = new Thread(future, "background");
        thread.setDaemon(true);
        thread.start();
        return new Background(thread, future);
    }

    /** Waits for its end; throws what it has thrown. */
    void join() throws Exception {
        task.get(20, TimeUnit.SECONDS);
        thread.join();
    }
}
