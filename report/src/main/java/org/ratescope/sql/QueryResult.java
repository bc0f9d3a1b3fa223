package org.ratescope.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a query: named columns and rows of values. A value is a {@link Long}, {@link
 * Double}, {@link BigInteger}, {@link BigDecimal}, {@link Boolean}, {@link String}, a list or a map
 * of values, or null; whatever else a database knows comes as text.
 *
 * @param columns the names, in order
 * @param rows the rows, each as long as {@code columns}
 */
public record QueryResult(List<String> columns, List<List<@Nullable Object>> rows) {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int WIDEST_CELL = 48;

  public QueryResult {
    columns = List.copyOf(columns);
    int width = columns.size();
    if (!rows.stream().allMatch(row -> row.size() == width)) {
      throw new IllegalArgumentException("every row must have %s values".formatted(width));
    }
    rows = Collections.unmodifiableList(new ArrayList<>(rows));
  }

  /** The position of a column, -1 when there is none of that name. */
  public int column(String name) {
    return columns.indexOf(name);
  }

  /** The value in a row (from 0) of the column of that name. */
  public @Nullable Object value(int row, String column) {
    int position = column(column);
    if (position < 0) {
      throw new IllegalArgumentException("came column '%s', have %s".formatted(column, columns));
    }
    return rows.get(row).get(position);
  }

  /**
   * Text in aligned columns with a header line, numbers to six digits and to the right. Long texts
   * are cut to 48 characters.
   */
  public String toText() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(columns);
    rows.forEach(row -> lines.add(row.stream().map(QueryResult::cell).toList()));
    List<Integer> widths = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) {
      int column = c;
      widths.add(lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0));
    }
    return lines.stream()
        .map(line -> aligned(line, widths).stripTrailing() + "\n")
        .collect(Collectors.joining());
  }

  /**
   * {@link #toText()} for lines of a width, which a terminal would break elsewhere. If it is too
   * wide, columns with the same value in all rows or the values of an earlier column are left out,
   * and if it still is, columns in the middle; a last line says so.
   */
  public String toText(int width) {
    if (isWithin(width)) {
      return toText();
    }
    List<Integer> kept = new ArrayList<>();
    Set<List<@Nullable Object>> seen = new HashSet<>();
    for (int c = 0; c < columns.size(); c++) {
      List<@Nullable Object> values = values(c);
      boolean varies = rows.size() < 2 || values.stream().distinct().count() > 1;
      if (varies && seen.add(values)) {
        kept.add(c);
      }
    }
    while (kept.size() > 2 && !of(kept).isWithin(width)) {
      kept.remove(/* index */ kept.size() / 2);
    }
    return of(kept).toText()
        + "%s of %s columns; --csv and --json print all\n".formatted(kept.size(), columns.size());
  }

  private List<@Nullable Object> values(int column) {
    return rows.stream().<@Nullable Object>map(row -> row.get(column)).toList();
  }

  private boolean isWithin(int width) {
    return toText().lines().allMatch(line -> line.length() <= width);
  }

  private QueryResult of(List<Integer> kept) {
    return new QueryResult(
        kept.stream().map(columns::get).toList(),
        rows.stream().map(row -> kept.stream().<@Nullable Object>map(row::get).toList()).toList());
  }

  private String aligned(List<String> line, List<Integer> widths) {
    StringBuilder text = new StringBuilder();
    for (int c = 0; c < line.size(); c++) {
      String padding = " ".repeat(widths.get(c) - line.get(c).length());
      text.append(isNumeric(c) ? padding + line.get(c) : line.get(c) + padding).append("  ");
    }
    return text.toString();
  }

  private boolean isNumeric(int column) {
    return rows.stream().map(row -> row.get(column)).anyMatch(Number.class::isInstance);
  }

  private static String cell(@Nullable Object value) {
    if (value instanceof Double number) {
      return DisplayNames.number(number);
    }
    String text = text(value).replaceAll("[\n\r\t]", " ");
    return text.length() <= WIDEST_CELL ? text : text.substring(0, WIDEST_CELL - 1) + "…";
  }

  /** A value in a cell: a list or a map as JSON, null empty. */
  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case BigDecimal number -> number.toPlainString();
      case List<?> list -> written(json(list));
      case Map<?, ?> map -> written(json(map));
      default -> value.toString();
    };
  }

  /** Comma-separated values (RFC 4180, lines end with {@code \n}); null is an empty field. */
  public String toCsv() {
    StringBuilder text = new StringBuilder();
    text.append(columns.stream().map(QueryResult::field).collect(Collectors.joining(",")))
        .append('\n');
    for (List<@Nullable Object> row : rows) {
      text.append(row.stream().map(QueryResult::field).collect(Collectors.joining(",")))
          .append('\n');
    }
    return text.toString();
  }

  private static String field(@Nullable Object value) {
    String text = text(value);
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  /**
   * A JSON array with one object per row. Lists and maps are arrays and objects; numbers have all
   * their digits, and those that are not finite become null.
   */
  public String toJson() {
    return written(json());
  }

  private static String written(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values can always be written", e);
    }
  }

  public ArrayNode json() {
    ArrayNode array = NODES.arrayNode();
    for (List<@Nullable Object> row : rows) {
      ObjectNode node = array.addObject();
      for (int c = 0; c < columns.size(); c++) {
        node.set(columns.get(c), json(row.get(c)));
      }
    }
    return array;
  }

  /** A value as JSON. */
  public static JsonNode json(@Nullable Object value) {
    return switch (value) {
      case null -> NODES.nullNode();
      case Long number -> NODES.numberNode(number);
      case BigInteger number -> NODES.numberNode(number);
      case BigDecimal number -> DecimalNode.valueOf(number); // with its zeros
      case Boolean flag -> NODES.booleanNode(flag);
      case Double number ->
          Double.isFinite(number) ? NODES.numberNode(number.doubleValue()) : NODES.nullNode();
      case List<?> list -> {
        ArrayNode array = NODES.arrayNode();
        list.forEach(entry -> array.add(json(entry)));
        yield array;
      }
      case Map<?, ?> map -> {
        ObjectNode object = NODES.objectNode();
        map.forEach((key, entry) -> object.set(String.valueOf(key), json(entry)));
        yield object;
      }
      default -> NODES.textNode(value.toString());
    };
  }
}
