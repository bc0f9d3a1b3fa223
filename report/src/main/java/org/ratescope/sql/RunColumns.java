package org.ratescope.sql;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ratescope.spec.RunField;
import org.ratescope.spec.RunField.Role;
import org.ratescope.spec.RunFields;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.data.DataSpec;

/**
 * The columns that {@link RunFields} give to the table {@code runs}, and SQL over all of them. A
 * field whose values are texts has three columns: the text, its label for people, and its position
 * in the study files.
 */
public final class RunColumns {
  /** A field that figures select by has a place of its own in labels, or in the layout. */
  private static final Set<RunField<?>> SELECTED_BY =
      Set.of(
          RunFields.SPLIT,
          RunFields.ARCHITECTURE,
          RunFields.LIKELIHOOD,
          RunFields.OBJECTIVE,
          RunFields.BETA_MI,
          RunFields.BETA_KL,
          RunFields.STOPPING);

  private static final Set<RunField<?>> NOT_IN_ROWS =
      Set.of(
          RunFields.SPLIT,
          RunFields.ARCHITECTURE,
          RunFields.LATENT_SIZE,
          RunFields.BETA_MI,
          RunFields.BETA_KL);

  private RunColumns() {}

  /** The fields in which the runs of one mean agree. */
  public static List<RunField<?>> ofGridPoint() {
    return RunFields.ALL.stream().filter(field -> !field.is(Role.AVERAGED)).toList();
  }

  /** A field's column for people. */
  public static String shown(RunField<?> field) {
    return field.isText() ? field.column() + "_label" : quoted(field.column());
  }

  /** A field's column for sorting: in the order of the study files, or by number. */
  public static String order(RunField<?> field) {
    return field.isText() ? field.column() + "_index" : quoted(field.column());
  }

  /** The columns for people under the names of the fields, as a list for {@code select}. */
  public static String select(List<RunField<?>> fields) {
    return fields.stream().map(f -> shown(f) + " as " + quoted(f.column())).collect(joining(", "));
  }

  /** The columns for sorting, as a list for {@code order by}. */
  public static String orderBy(List<RunField<?>> fields) {
    return fields.stream().map(RunColumns::order).collect(joining(", "));
  }

  /** The columns for people and for sorting, each once, as a list for {@code group by}. */
  public static String groupBy(List<RunField<?>> fields) {
    return fields.stream()
        .flatMap(field -> Stream.of(shown(field), order(field)))
        .distinct()
        .collect(joining(", "));
  }

  private static String quoted(String column) {
    return '"' + column + '"';
  }

  /** Puts lists that follow from the fields into SQL. */
  static String complete(String sql) {
    return sql.replace("{columns of fields}", definitions())
        .replace(
            "{settings that differ}",
            differences("s", field -> !field.is(Role.AVERAGED) && !SELECTED_BY.contains(field)))
        .replace(
            "{rows that differ}",
            differences("()", field -> !field.is(Role.AVERAGED) && !NOT_IN_ROWS.contains(field)))
        .replace("{beta scale}", betaScale())
        .replace(
            "{order of rows}",
            ofGridPoint().stream()
                .filter(field -> field.equals(RunFields.SPLIT) || !NOT_IN_ROWS.contains(field))
                .map(RunColumns::order)
                .collect(joining(", ")));
  }

  private static String betaScale() {
    return Stream.of(32, 16, 8, 4)
        .map(r -> new DataSpec.Tetrominoes(DataSpec.Preset.PUBLISHED, DataSpec.Shape.J, r))
        .map(
            data ->
                "when \"data\" like 'tetrominoes:%%resolution=%s' then %s"
                    .formatted(data.resolution(), data.betaScale()))
        .collect(joining(" ", "case ", " else 1.0 end"));
  }

  private static String definitions() {
    return RunFields.ALL.stream()
        .flatMap(
            field ->
                Stream.of(
                        field.isText()
                            ? Stream.of(
                                quoted(field.column()) + " varchar",
                                field.column() + "_label varchar",
                                field.column() + "_index integer")
                            : Stream.of(quoted(field.column()) + " " + sqlType(field.type())),
                        field.parts().stream()
                            .map(part -> quoted(part.column()) + " " + sqlType(part.type())))
                    .flatMap(columns -> columns))
        .collect(joining(",\n  "));
  }

  private static String sqlType(Class<?> type) {
    if (type == String.class) {
      return "varchar";
    }
    if (type == Integer.class) {
      return "integer";
    }
    if (type == Long.class) {
      return "bigint";
    }
    if (type == Double.class) {
      return "double";
    }
    throw new IllegalArgumentException("no SQL type for " + type);
  }

  /** Phrases of the fields in which the runs of a window differ, each after a comma. */
  private static String differences(String window, Predicate<RunField<?>> which) {
    return RunFields.ALL.stream()
        .filter(which)
        .map(field -> difference(field, window))
        .collect(joining(" || "));
  }

  private static String difference(RunField<?> field, String window) {
    String column = quoted(field.column());
    String both = "";
    String differs = "min(%1$s) over %2$s <> max(%1$s) over %2$s".formatted(column, window);
    String label = field.isText() ? field.column() + "_label" : column;
    if (field.equals(RunFields.OBJECTIVE)) { // named in any case where it is no beta-VAE's
      differs += " or objective <> 'beta'";
      both =
          " || if(objective = 'both', ', βMI = ' || regexp_replace(beta_mi::varchar, '\\.0$', ''),"
              + " '')";
    }
    if (field.type() == Integer.class) {
      label = "format('{:,}', " + column + ")"; // 40,000
    }
    if (field.equals(RunFields.DATA)) { // two data sets may have the same label
      label = column;
    }
    String phrase = field.phrase().replace("%s", "' || " + label + " || '");
    return "if(%s, ', %s', '')".formatted(differs, phrase) + both;
  }

  /**
   * A run's id and its values of all columns.
   *
   * @param splitLabel the label of its split, which depends on the sizes of its sets
   */
  static List<@Nullable Object> values(RunSpec run, DeclarationOrder order, String splitLabel) {
    List<@Nullable Object> values = new ArrayList<>();
    values.add(run.id().hex());
    for (RunField<?> field : RunFields.ALL) {
      values.add(field.plain(run));
      if (field.isText()) {
        values.add(field.equals(RunFields.SPLIT) ? splitLabel : field.labelOf(run));
        values.add(order.position(field, run));
      }
      field.parts().forEach(part -> values.add(part.value().apply(run)));
    }
    return values;
  }
}
