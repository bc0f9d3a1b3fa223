package org.ratescope.results.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The checksum that ends a record's JSON: its last field {@code crc32} is the CRC-32 (IEEE, as
 * {@code zlib.crc32}) of all bytes before its last comma, as 8 hexadecimal digits.
 */
final class RecordChecksum {
  private static final String FIELD = "\"crc32\"";
  private static final Pattern BETWEEN = Pattern.compile("[\\s:{}]+");

  private RecordChecksum() {}

  /** A JSON object's text with its checksum. */
  static byte[] seal(String json) {
    String body = json.substring(0, json.lastIndexOf('}')).stripTrailing();
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String end = ",\n  %s : \"%s\"\n}\n".formatted(FIELD, crc32(bytes, bytes.length));
    return (body + end).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Whether a file has a checksum; older ones have none.
   *
   * @throws IOException if it has one that does not match, or in another place than its end
   */
  static boolean check(byte[] file) throws IOException {
    int comma = file.length - 1;
    while (comma >= 0 && file[comma] != ',') {
      comma--;
    }
    String end = new String(file, comma + 1, file.length - comma - 1, StandardCharsets.UTF_8);
    if (comma < 0 || !end.contains(FIELD)) {
      if (new String(file, StandardCharsets.UTF_8).contains(FIELD)) {
        throw new IOException("the checksum is not at the end");
      }
      return false;
    }
    String made = crc32(file, comma);
    if (!Arrays.asList(BETWEEN.split(end)).contains('"' + made + '"')) {
      throw new IOException("the checksum does not match: the content's is " + made);
    }
    return true;
  }

  private static String crc32(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return HexFormat.of().toHexDigits(crc.getValue(), 8);
  }
}
