package org.ratescope.sql;

import java.math.BigInteger;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duckdb.DuckDBStruct;
import org.jspecify.annotations.Nullable;

/** The answer of DuckDB as a {@link QueryResult}: each column and each digit is kept. */
public final class ResultTable {
  private ResultTable() {}

  static QueryResult of(ResultSet result) throws SQLException {
    int width = result.getMetaData().getColumnCount();
    List<String> names = new ArrayList<>();
    for (int c = 1; c <= width; c++) {
      names.add(result.getMetaData().getColumnLabel(c));
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    while (result.next()) {
      List<@Nullable Object> row = new ArrayList<>(width);
      for (int c = 1; c <= width; c++) {
        Object value = result.getObject(c);
        row.add(isText(value) ? result.getString(c) : plain(value));
      }
      rows.add(row);
    }
    return new QueryResult(distinct(names), rows);
  }

  /** Equal names get {@code _1}, {@code _2}, … in order, as in a sub-query of DuckDB. */
  public static List<String> distinct(List<String> names) {
    Set<String> taken = new HashSet<>(names);
    Set<String> seen = new HashSet<>();
    List<String> distinct = new ArrayList<>();
    for (String name : names) {
      String free = name;
      if (!seen.add(name)) {
        int i = 1;
        while (!taken.add(name + "_" + i)) {
          i++;
        }
        free = name + "_" + i;
      }
      distinct.add(free);
    }
    return distinct;
  }

  /** Whether DuckDB's own text of a value is what is shown, of a blob for example. */
  private static boolean isText(@Nullable Object value) {
    return !(value == null
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof Array
        || value instanceof Map
        || value instanceof DuckDBStruct);
  }

  private static @Nullable Object plain(@Nullable Object value) throws SQLException {
    if (value instanceof Object[] array) {
      return list(array);
    }
    return switch (value) {
      case null -> null;
      case Boolean flag -> flag;
      case Byte number -> number.longValue();
      case Short number -> number.longValue();
      case Integer number -> number.longValue();
      case Float number -> number.doubleValue();
      case BigInteger number ->
          number.bitLength() < Long.SIZE ? (Number) number.longValue() : number;
      case Number number -> number;
      case Array array -> list((Object[]) array.getArray());
      case DuckDBStruct struct -> map(struct.getMap());
      case Map<?, ?> map -> map(map);
      default -> value.toString();
    };
  }

  private static List<@Nullable Object> list(@Nullable Object[] values) throws SQLException {
    List<@Nullable Object> list = new ArrayList<>();
    for (Object value : Arrays.asList(values)) {
      list.add(plain(value));
    }
    return list;
  }

  private static Map<String, @Nullable Object> map(Map<?, ?> values) throws SQLException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : values.entrySet()) {
      map.put(String.valueOf(plain(entry.getKey())), plain(entry.getValue()));
    }
    return map;
  }
}
