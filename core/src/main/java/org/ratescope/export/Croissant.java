package org.ratescope.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.ratescope.io.AtomicFile;
import org.ratescope.results.Version;

/**
 * A description of data files in the Croissant format 1.0 of MLCommons, JSON-LD: what the files
 * contain, their sizes and checksums, and for tables the columns. Programs such as {@code
 * mlcroissant} read it.
 *
 * @param name name of the data
 * @param description what they are and how they were made
 * @param files the files, in the folder of the description
 */
public record Croissant(String name, String description, List<DataFile> files) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Media types by the end of a file's name. */
  private static final Map<String, String> FORMATS =
      Map.of(
          "npy", "application/x-npy",
          "npz", "application/x-npz",
          "parquet", "application/x-parquet",
          "json", "application/json");

  public Croissant {
    files = List.copyOf(files);
  }

  /**
   * A file.
   *
   * @param path where it is
   * @param description what it contains
   * @param columns the columns of a table; none of an array
   */
  public record DataFile(Path path, String description, List<Column> columns) {
    public DataFile {
      columns = List.copyOf(columns);
    }

    private String fileName() {
      return String.valueOf(path.getFileName());
    }
  }

  /** A column: its name, what it means with its unit, and its type in SQL. */
  public record Column(String name, String description, String type) {}

  /**
   * Writes the description.
   *
   * @throws IOException if a file cannot be read or the description cannot be written
   */
  public void write(Path file) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode context = root.putObject("@context");
    context.put("@language", "en").put("@vocab", "https://schema.org/");
    context.put("sc", "https://schema.org/").put("cr", "http://mlcommons.org/croissant/");
    context.put("dct", "http://purl.org/dc/terms/");
    for (String term : List.of("column", "extract", "field", "fileObject", "recordSet", "source")) {
      context.put(term, "cr:" + term);
    }
    context.put("conformsTo", "dct:conformsTo");
    context.putObject("dataType").put("@id", "cr:dataType").put("@type", "@vocab");
    root.put("@type", "sc:Dataset");
    root.put("conformsTo", "http://mlcommons.org/croissant/1.0");
    root.put("name", name);
    root.put("description", description);
    root.putObject("creator")
        .put("@type", "sc:SoftwareApplication")
        .put("name", "Ratescope")
        .put("softwareVersion", Version.RATESCOPE);
    ArrayNode distribution = root.putArray("distribution");
    ArrayNode records = root.putArray("recordSet");
    for (DataFile each : files) {
      String fileName = each.fileName();
      distribution
          .addObject()
          .put("@type", "cr:FileObject")
          .put("@id", fileName)
          .put("name", fileName)
          .put("description", each.description())
          .put("contentUrl", fileName)
          .put("contentSize", Files.size(each.path()) + " B")
          .put("encodingFormat", format(fileName))
          .put("sha256", sha256(each.path()));
      if (!each.columns().isEmpty()) {
        addRecords(records, each);
      }
    }
    String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void addRecords(ArrayNode records, DataFile file) {
    String table = file.fileName().replaceFirst("\\.[^.]*$", "");
    ObjectNode set = records.addObject().put("@type", "cr:RecordSet").put("@id", table);
    ArrayNode fields = set.put("name", table).putArray("field");
    for (Column column : file.columns()) {
      ObjectNode field = fields.addObject().put("@type", "cr:Field");
      field.put("@id", table + "/" + column.name()).put("name", column.name());
      field.put("description", column.description()).put("dataType", dataType(column.type()));
      ObjectNode source = field.putObject("source");
      source.putObject("fileObject").put("@id", file.fileName());
      source.putObject("extract").put("column", column.name());
    }
  }

  private static String dataType(String sqlType) {
    return switch (sqlType.toUpperCase(java.util.Locale.ROOT)) {
      case "INTEGER", "BIGINT" -> "sc:Integer";
      case "DOUBLE", "FLOAT" -> "sc:Float";
      default -> "sc:Text";
    };
  }

  private static String format(String fileName) {
    return FORMATS.getOrDefault(
        fileName.substring(fileName.lastIndexOf('.') + 1), "application/octet-stream");
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        DigestInputStream digest =
            new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
      digest.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
