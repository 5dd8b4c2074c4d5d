// Microsoft's JDBC driver for SQL Server, unmodified. Run by sql-jdbc.test.ts; prints a line of what it saw per story.

import com.microsoft.sqlserver.jdbc.SQLServerBulkCopy;
import com.microsoft.sqlserver.jdbc.SQLServerException;
import java.math.BigDecimal;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

public class Main {
  static Connection open(String url, String... options) throws SQLException {
    Properties given = new Properties();
    for (int at = 0; at < options.length; at += 2) given.put(options[at], options[at + 1]);
    return DriverManager.getConnection(url, given);
  }

  static List<String> rows(ResultSet result) throws SQLException {
    List<String> found = new ArrayList<>();
    int width = result.getMetaData().getColumnCount();
    while (result.next()) {
      List<String> row = new ArrayList<>();
      for (int column = 1; column <= width; column++) row.add(String.valueOf(result.getObject(column)));
      found.add(String.join("|", row));
    }
    return found;
  }

  static List<String> ask(Connection connection, String text) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return rows(statement.executeQuery(text));
    }
  }

  static void tell(Connection connection, String text) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  static void say(String story, Object what) {
    System.out.println(story + ": " + what);
  }

  static final String COLUMNS =
      "id int NOT NULL, name nvarchar(40) NULL, price decimal(10, 2) NULL, at datetime2(3) NULL, "
          + "zoned datetimeoffset(0) NULL, ratio float NULL, flag bit NULL, raw varbinary(max) NULL, guid uniqueidentifier NULL";

  static void parameters(Connection connection) throws SQLException {
    tell(connection, "CREATE TABLE dbo.jdbc (" + COLUMNS + ")");
    String insert = "INSERT INTO dbo.jdbc VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    try (PreparedStatement statement = connection.prepareStatement(insert)) {
      statement.setInt(1, 1);
      statement.setString(2, "Zoë 漢");
      statement.setBigDecimal(3, new BigDecimal("-12.34"));
      statement.setTimestamp(4, Timestamp.valueOf("2024-02-29 01:02:03.5"));
      statement.setObject(5, java.time.OffsetDateTime.parse("2024-02-29T01:02:03+05:30"));
      statement.setDouble(6, 1.5);
      statement.setBoolean(7, true);
      statement.setBytes(8, new byte[20000]);
      statement.setString(9, "6F9619FF-8B86-D011-B42D-00C04FC964FF");
      statement.executeUpdate();
      statement.setInt(1, 2);
      for (int index = 2; index <= 9; index++) statement.setNull(index, Types.NVARCHAR);
      statement.setNull(8, Types.VARBINARY);
      statement.executeUpdate();
    }
    String shown = "id, name, price, at, zoned, ratio, flag, DATALENGTH(raw) AS size, guid";
    say("rows", ask(connection, "SELECT " + shown + " FROM dbo.jdbc ORDER BY id"));
  }

  static void transactions(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement batch = connection.prepareStatement("INSERT INTO dbo.jdbc (id, name) VALUES (?, ?)")) {
      for (int id = 100; id < 400; id++) {
        batch.setInt(1, id);
        batch.setString(2, "n" + id);
        batch.addBatch();
      }
      say("batch", batch.executeBatch().length);
    }
    connection.commit();
    tell(connection, "DELETE FROM dbo.jdbc");
    connection.rollback();
    connection.setAutoCommit(true);
    say("left", ask(connection, "SELECT COUNT(*), @@TRANCOUNT FROM dbo.jdbc"));
  }

  static void bulkCopy(Connection connection, Connection other) throws SQLException {
    tell(connection, "CREATE TABLE dbo.copied (" + COLUMNS + ")");
    try (SQLServerBulkCopy copy = new SQLServerBulkCopy(other);
        Statement statement = connection.createStatement()) {
      copy.setDestinationTableName("dbo.copied");
      copy.writeToServer(statement.executeQuery("SELECT * FROM dbo.jdbc"));
    }
    String differing = "SELECT COUNT(*) FROM (SELECT * FROM dbo.jdbc EXCEPT SELECT * FROM dbo.copied) q";
    say("copied", ask(connection, "SELECT COUNT(*) FROM dbo.copied") + " differ " + ask(connection, differing));
  }

  static void procedures(Connection connection) throws SQLException {
    tell(
        connection,
        "CREATE PROCEDURE dbo.told @n int, @text nvarchar(20) OUTPUT, @guid uniqueidentifier OUTPUT AS BEGIN "
            + "SET @text = CONCAT(@text, N'é', @n); SELECT @n AS n; SELECT 'second' AS s; RETURN 7 END");
    try (CallableStatement call = connection.prepareCall("{? = call dbo.told(?, ?, ?)}")) {
      call.registerOutParameter(1, Types.INTEGER);
      call.setInt(2, 5);
      call.setString(3, "x");
      call.registerOutParameter(3, Types.NVARCHAR);
      call.setNull(4, microsoft.sql.Types.GUID);
      call.registerOutParameter(4, microsoft.sql.Types.GUID);
      List<String> results = new ArrayList<>();
      boolean isResult = call.execute();
      while (isResult || call.getUpdateCount() != -1) {
        if (isResult) results.addAll(rows(call.getResultSet()));
        isResult = call.getMoreResults();
      }
      say("call", results + " " + call.getInt(1) + " " + call.getString(3) + " " + call.getString(4));
    }
  }

  static String refusal(Connection connection, String text) {
    try {
      tell(connection, text);
      return "none";
    } catch (SQLServerException error) {
      return error.getErrorCode() + " line " + error.getSQLServerError().getLineNumber();
    } catch (SQLException error) {
      return error.toString();
    }
  }

  static void endings(Connection connection) throws Exception {
    say("error", refusal(connection, "\nSELECT * FROM dbo.absent"));
    String endless = "SELECT COUNT_BIG(*) FROM GENERATE_SERIES(1, 100000) a, GENERATE_SERIES(1, 100000) b WHERE a.value * b.value % 7 = 3";
    try (Statement statement = connection.createStatement()) {
      Thread canceller = new Thread(() -> {
        try {
          Thread.sleep(500);
          statement.cancel();
        } catch (Exception error) {
          throw new RuntimeException(error);
        }
      });
      canceller.start();
      try {
        statement.executeQuery(endless).next();
        say("cancelled", false);
      } catch (SQLException error) {
        say("cancelled", error.getMessage());
      }
      canceller.join();
    }
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      statement.execute("WAITFOR DELAY '00:00:20'");
      say("timed out", false);
    } catch (SQLException error) {
      say("timed out", error.getMessage());
    }
    say("after", ask(connection, "SELECT 1"));
  }

  static void streams(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      ResultSet result = statement.executeQuery("SELECT value, CAST(value AS varchar(20)) FROM GENERATE_SERIES(1, 200000)");
      long sum = 0;
      while (result.next()) sum += result.getInt(1) + result.getString(2).length();
      say("streamed", sum);
    }
  }

  static void looksAround(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE dbo.keyed (id int NOT NULL, name varchar(9),"
              + " CONSTRAINT pk_keyed PRIMARY KEY NONCLUSTERED (id) NOT ENFORCED) WITH (HEAP)");
      statement.execute("CREATE INDEX ix_keyed ON dbo.keyed (name, id)");
    }
    var about = connection.getMetaData();
    List<String> tables = new ArrayList<>();
    for (ResultSet found = about.getTables(null, "dbo", "%", new String[] {"TABLE"}); found.next(); )
      tables.add(found.getString("TABLE_NAME"));
    List<String> columns = new ArrayList<>();
    for (ResultSet found = about.getColumns(null, "dbo", "jdbc", "%"); found.next(); )
      columns.add(found.getString("COLUMN_NAME") + " " + found.getString("TYPE_NAME"));
    say("columns", columns);
    List<String> parameters = new ArrayList<>();
    for (ResultSet found = about.getProcedureColumns(null, "dbo", "told", "%"); found.next(); )
      parameters.add(found.getString("COLUMN_NAME"));
    say("tables", tables.stream().sorted().toList());
    say("parameters", parameters);
    say("indexes", names(about.getIndexInfo(null, "dbo", "keyed", false, true), "INDEX_NAME"));
    say("keys", names(about.getPrimaryKeys(null, "dbo", "keyed"), "COLUMN_NAME"));
    say("foreign keys", names(about.getImportedKeys(null, "dbo", "keyed"), "FK_NAME"));
    say("functions", names(about.getFunctions(null, "dbo", "%"), "FUNCTION_NAME"));
    say("schemas", names(about.getSchemas(null, "d%"), "TABLE_SCHEM"));
    say("catalogues", names(about.getCatalogs(), "TABLE_CAT"));
    say("types", names(about.getTypeInfo(), "TYPE_NAME").size());
    say("product", about.getDatabaseProductName() + " " + connection.getCatalog() + " " + connection.getSchema());
  }

  static List<String> names(ResultSet found, String column) throws SQLException {
    List<String> all = new ArrayList<>();
    while (found.next()) all.add(String.valueOf(found.getString(column)));
    return all;
  }

  /** What is known of statements that have not run. */
  static void looksAhead(Connection connection) throws SQLException {
    String insert = "INSERT INTO dbo.jdbc (id, name, price, raw) VALUES (?, ?, ?, ?)";
    String update = "UPDATE dbo.jdbc SET price = price * ? WHERE at = ?";
    for (String text : List.of(insert, update, "EXEC dbo.told ?, ?, ?")) {
      try (PreparedStatement statement = connection.prepareStatement(text)) {
        ParameterMetaData ahead = statement.getParameterMetaData();
        List<String> types = new ArrayList<>();
        for (int at = 1; at <= ahead.getParameterCount(); at++)
          types.add(ahead.getParameterTypeName(at) + " " + ahead.getPrecision(at));
        say("parameters ahead", types);
      }
    }
    List<String> columns = new ArrayList<>();
    for (String text : List.of("SELECT id, price FROM dbo.jdbc WHERE id = ?", insert, "DELETE FROM dbo.jdbc")) {
      try (PreparedStatement statement = connection.prepareStatement(text)) {
        ResultSetMetaData data = statement.getMetaData();
        columns.add(data == null ? "none" : data.getColumnName(1) + " " + data.getColumnTypeName(2));
      }
    }
    say("columns ahead", columns + " of " + ask(connection, "SELECT COUNT(*) FROM dbo.jdbc"));
  }

  public static void main(String[] given) throws Exception {
    String url = given[0];
    String[] login = {"user", given[1], "password", given[2]};
    Connection connection = open(url, login);
    parameters(connection);
    transactions(connection);
    bulkCopy(connection, open(url, login));
    procedures(connection);
    endings(connection);
    streams(connection);
    looksAround(connection);
    looksAhead(connection);
    say("large packets", ask(open(url + ";packetSize=32767", login), "SELECT 1"));
    say("token", ask(open(given[4], "accessToken", given[3]), "SELECT USER_NAME()"));
  }
}
