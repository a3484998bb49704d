package dev.towpath.programs;

import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.h2.tools.Server;

/**
 * A database and who asks it: {@code JdbcProgram serve PORT} is H2 behind PostgreSQL's protocol, {@code JdbcProgram ask
 * URL ROWS} any JDBC driver; how it makes its sockets may be said in the URL.
 */
public final class JdbcProgram {
    private static final int BATCH = 500;
    private static final int MOST_BYTES = 4096;

    private JdbcProgram() {}

    /** Serves until the process ends, or asks a server. */
    public static void main(String[] arguments) throws SQLException, IOException {
        if (arguments[0].equals("serve")) {
            serve(Integer.parseInt(arguments[1]));
            System.out.println("ready");
        } else {
            ask(arguments[1], Integer.parseInt(arguments[2]));
            System.out.println("ok");
        }
    }

    /** Serves databases in memory until it is closed. */
    public static Closeable serve(int port) throws SQLException {
        Server server = Server.createPgServer(
                "-pgPort", Integer.toString(port), "-pgAllowOthers", "-ifNotExists", "-baseDir", "mem:");
        server.start();
        return server::stop;
    }

    /** Makes a table there and gets back what it has put in. */
    public static void ask(String url, int rows) throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection(url)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("drop table if exists freight");
                statement.execute("create table freight (number bigint primary key, name varchar(40), load bytea)");
            }
            insert(connection, rows);
            compare(connection, rows);
        }
    }

    private static void insert(Connection connection, int rows) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement("insert into freight values (?, ?, ?)")) {
            for (int i = 1; i <= rows; i++) {
                insert.setLong(1, i);
                insert.setString(2, "barge " + i);
                insert.setBinaryStream(3, Body.of(i % MOST_BYTES), i % MOST_BYTES);
                insert.addBatch();
                if (i % BATCH == 0 || i == rows) {
                    insert.executeBatch();
                }
            }
        }
        connection.commit();
    }

    private static void compare(Connection connection, int rows) throws SQLException, IOException {
        long sum = 0;
        try (Statement statement = connection.createStatement();
                ResultSet all = statement.executeQuery("select number, name, load from freight order by number")) {
            while (all.next()) {
                int number = all.getInt(1);
                sum += number;
                byte[] load = Body.of(number % MOST_BYTES).readAllBytes();
                if (!all.getString(2).equals("barge " + number) || !Arrays.equals(all.getBytes(3), load)) {
                    throw new SQLException("row " + number + " is not what was put in");
                }
            }
        }
        if (sum != LongStream.rangeClosed(1, rows).sum()) {
            throw new SQLException("rows are missing");
        }
    }
}
