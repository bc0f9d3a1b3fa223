package org.ratescope.sql;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The functions of DuckDB that SQL from a stranger may not call, although DuckDB itself would let
 * it: some write files or read memory at an address, some execute SQL that they are given as text,
 * so that nobody sees what is called, and some end the process. A test compares the two sets with
 * the functions that DuckDB has.
 */
public final class ClosedSql {
  /** Table functions and table macros that only compute, or tell about tables. */
  static final Set<String> ALLOWED =
      Set.of(
          "duckdb_approx_database_count",
          "duckdb_columns",
          "duckdb_connection_count",
          "duckdb_constraints",
          "duckdb_coordinate_systems",
          "duckdb_databases",
          "duckdb_dependencies",
          "duckdb_extensions",
          "duckdb_external_file_cache",
          "duckdb_functions",
          "duckdb_indexes",
          "duckdb_keywords",
          "duckdb_log_contexts",
          "duckdb_logs",
          "duckdb_logs_parsed",
          "duckdb_memory",
          "duckdb_optimizers",
          "duckdb_prepared_statements",
          "duckdb_profiling_settings",
          "duckdb_schemas",
          "duckdb_secret_types",
          "duckdb_secrets",
          "duckdb_sequences",
          "duckdb_settings",
          "duckdb_table_sample",
          "duckdb_tables",
          "duckdb_temporary_files",
          "duckdb_types",
          "duckdb_variables",
          "duckdb_views",
          "generate_series",
          "histogram",
          "histogram_values",
          "icu_calendar_names",
          "json_each",
          "json_tree",
          "pg_timezone_names",
          "pragma_collations",
          "pragma_database_size",
          "pragma_metadata_info",
          "pragma_platform",
          "pragma_show",
          "pragma_storage_info",
          "pragma_table_info",
          "pragma_user_agent",
          "pragma_version",
          "query_table", // takes the name of a table, and no SQL
          "range",
          "repeat",
          "repeat_row",
          "summary",
          "test_all_types",
          "test_vector_types",
          "unnest");

  /** All other table functions. */
  static final Set<String> REFUSED =
      Set.of(
          "arrow_scan",
          "arrow_scan_dumb",
          "checkpoint",
          "disable_logging",
          "disable_profiling",
          "enable_logging",
          "enable_profiling",
          "force_checkpoint",
          "glob",
          "json_execute_serialized_sql",
          "parquet_bloom_probe",
          "parquet_file_metadata",
          "parquet_full_metadata",
          "parquet_kv_metadata",
          "parquet_metadata",
          "parquet_scan",
          "parquet_schema",
          "query",
          "read_blob",
          "read_csv",
          "read_csv_auto",
          "read_duckdb",
          "read_json",
          "read_json_auto",
          "read_json_objects",
          "read_json_objects_auto",
          "read_ndjson",
          "read_ndjson_auto",
          "read_ndjson_objects",
          "read_parquet",
          "read_text",
          "seq_scan",
          "sniff_csv",
          "truncate_duckdb_logs",
          "which_secret");

  /**
   * A call, also of a quoted name, with spaces or the beginning of a comment before its bracket.
   */
  private static final Pattern CALL =
      Pattern.compile(
          "\\b(" + String.join("|", REFUSED) + ")\\b\"?[^\\p{Graph}]*(\\(|/\\*|--)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern PRAGMA =
      Pattern.compile(
          "\\bpragma\\b.*\\b(enable_profil\\w*|all_profiling_output|json_execute_serialized_sql)\\b",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private ClosedSql() {}

  /** The refused function that a text may call, if there is one. */
  public static Optional<String> refused(String sql) {
    return Optional.of(CALL.matcher(sql))
        .flatMap(call -> call.results().findFirst())
        .or(() -> PRAGMA.matcher(sql).results().findFirst())
        .map((MatchResult call) -> call.group(1).toLowerCase(Locale.ROOT));
  }
}
