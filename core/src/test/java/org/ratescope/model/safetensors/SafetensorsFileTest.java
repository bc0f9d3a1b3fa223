package org.ratescope.model.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratescope.dataset.format.FormatException;

/** Headers are believed only as far as the format's reference library believes them. */
class SafetensorsFileTest {
  /** Two tensors of 8 and 12 bytes. */
  private static final String GOOD =
      """
      {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1,3],"data_offsets":[8,20]}}\
      """;

  private static final byte[] VALUES = new byte[20];

  @TempDir Path folder;

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("x.safetensors"), bytes);
  }

  private void refused(byte[] bytes, String message) throws IOException {
    Path file = write(bytes);
    assertThatThrownBy(() -> SafetensorsFile.open(file).close())
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // offsets
        "[8,20] | [-12,0] | tensor b: data_offsets: got -12; expected whole numbers from 0 to"
            + " 9223372036854775807",
        "[8,20] | [0,12] | tensor b has data_offsets [0, 12]; expected [8, 20]",
        "[8,20] | [4,16] | tensor b has data_offsets [4, 16]; expected [8, 20] from its dtype F32"
            + " and shape [1, 3]",
        "[8,20] | [12,24] | tensor b has data_offsets [12, 24]; expected [8, 20]",
        "[8,20] | [20,8] | tensor b has data_offsets [20, 8]; expected [8, 20]",
        "[8,20] | [8,16] | tensor b has data_offsets [8, 16]; expected [8, 20]",
        "[8,20] | [8.0,20] | data_offsets: got 8.0; expected whole numbers",
        "[8,20] | [8,2e1] | data_offsets: got 2e1; expected whole numbers",
        "[8,20] | [8,18446744073709551635] | data_offsets: got 18446744073709551635; expected",
        "[8,20] | [8,9223372036854775807] | tensor b has data_offsets [8, 9223372036854775807]",
        "[8,20] | [8] | tensor b: data_offsets has 1 numbers; expected 2",
        "[8,20] | [8,20,32] | tensor b: data_offsets has 3 numbers; expected 2",
        "[8,20] | 8 | tensor b: data_offsets must be a list",
        "[8,20] | [[8],20] | tensor b: data_offsets: got [; expected whole numbers",
        // shapes
        "[1,3] | [3.0] | tensor b: shape: got 3.0; expected whole numbers",
        "[1,3] | [-1,-3] | tensor b: shape: got -1; expected whole numbers",
        "[1,3] | [-0,3] | tensor b: shape: got -0; expected whole numbers",
        "[1,3] | [\"3\"] | tensor b: shape: got 3; expected whole numbers",
        "[1,3] | [null] | tensor b: shape: got null; expected whole numbers",
        "[1,3] | [1,4] | tensor b has data_offsets [8, 20]; expected [8, 24]",
        "[1,3] | [0] | tensor b has data_offsets [8, 20]; expected [8, 8]",
        "[1,3] | [4294967296,4294967296,3] | tensor b: shape [4294967296, 4294967296, 3] has more"
            + " bytes than a file can have",
        "[1,3] | [9223372036854775807] | tensor b: shape [9223372036854775807] has more bytes",
        "[1,3] | {} | tensor b: shape must be a list",
        // types and fields
        "b\":{\"dtype\":\"F32 | b\":{\"dtype\":\"F64 | tensor b has data_offsets [8, 20]; expected"
            + " [8, 32]",
        "b\":{\"dtype\":\"F32 | b\":{\"dtype\":\"F33 | tensor b: got dtype F33; expected one of"
            + " [F16, BF16, F32, F64]",
        "b\":{\"dtype\":\"F32 | b\":{\"dtype\":\"I32 | tensor b: got dtype I32; expected one of",
        "b\":{\"dtype\":\"F32\" | b\":{\"dtype\":32 | tensor b: got dtype 32; expected one of",
        "b\":{\"dtype\":\"F32\", | b\":{ | tensor b must have dtype, shape and data_offsets",
        "b\":{\"dtype\":\"F32\" | b\":{\"dtype\":\"F32\",\"dtype\":\"F32\" | tensor b has dtype"
            + " twice",
        "\"b\": | \"a\": | the header declares a twice",
        "\"a\":{\"dtype\" | \"a\":[],\"c\":{\"dtype\" | tensor a must be a JSON object",
        // metadata
        "{\"a\": | {\"__metadata__\":{\"k\":1},\"a\": | metadata: k must be a text",
        "{\"a\": | {\"__metadata__\":{\"k\":null},\"a\": | metadata: k must be a text",
        "{\"a\": | {\"__metadata__\":{\"k\":{}},\"a\": | metadata: k must be a text",
        "{\"a\": | {\"__metadata__\":\"k\",\"a\": | __metadata__ must be a JSON object of texts",
        "{\"a\": | {\"__metadata__\":{\"k\":\"1\",\"k\":\"1\"},\"a\": | metadata has k twice",
        "{\"a\": | {\"__metadata__\":{},\"__metadata__\":{},\"a\": | the header declares"
            + " __metadata__ twice",
        // JSON
        "}} | }}} | the header is not valid JSON at character 110",
        "}} | }}{} | text follows the JSON object of the header",
        "}} | } | the header is not valid JSON at character",
        "{\"a\": | {a: | the header is not valid JSON at character",
        "[8,20] | [8,NaN] | the header is not valid JSON at character",
        "{\"a\" |  {\"a\" | its header does not begin with {",
        "{\"a\" | [\"a\" | its header does not begin with {",
      })
  void headersThatAreWrongAreRefused(String part, String other, String message) throws IOException {
    String replacement =
        message.startsWith("its header does not begin") && other.startsWith("{")
            ? " " + other
            : other;
    String header = replaceLast(GOOD, part, replacement);
    assertThat(header).isNotEqualTo(GOOD);
    refused(SafetensorsText.file(header, VALUES), message);
  }

  private static String replaceLast(String text, String part, String other) {
    int at = text.lastIndexOf(part);
    return text.substring(0, at) + other + text.substring(at + part.length());
  }

  @Test
  void lengthsThatDoNotFitAreRefused() throws IOException {
    byte[] good = SafetensorsText.file(GOOD, VALUES);
    refused(
        Arrays.copyOf(good, good.length + 1),
        "the file has 21 bytes after its header; its tensors take 20: it has bytes that belong to"
            + " no tensor");
    for (int length = 0; length < good.length; length++) {
      refused(Arrays.copyOf(good, length), "");
    }
    refused(
        Arrays.copyOf(good, good.length - 1),
        "the file has 19 bytes after its header; its tensors take 20: it is cut short");
    for (long wrong : new long[] {0, good.length - 7, 100_000_001, Long.MAX_VALUE, -1}) {
      byte[] bytes = good.clone();
      java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).putLong(0, wrong);
      refused(bytes, "its header has " + Long.toUnsignedString(wrong) + " bytes; expected 1 to ");
    }
    refused(new byte[0], "it has 0 bytes");
  }

  /** A sparse file of the size that its header asks for: the limit is one on the header alone. */
  @Test
  void headersAboveTheLimitAreRefusedWithoutReadingThem() throws IOException {
    Path file = folder.resolve("large.safetensors");
    try (var out = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      out.write(Arrays.copyOf(SafetensorsText.file("{", new byte[0]), 9));
      out.seek(0);
      out.writeLong(Long.reverseBytes(100_000_001));
      out.setLength(200_000_000);
    }
    assertThatThrownBy(() -> SafetensorsFile.open(file).close())
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("its header has 100000001 bytes; expected 1 to 100000000");
  }

  @Test
  void headersThatAreNotUtf8AreRefused() throws IOException {
    for (String name : List.of("é", "\u00ff", "\u0000")) {
      byte[] header =
          GOOD.replace("\"b\"", "\"" + name + "\"").getBytes(StandardCharsets.ISO_8859_1);
      refused(
          SafetensorsText.file(header, VALUES),
          name.equals("\u0000") ? "not valid JSON" : "the header is not valid UTF-8");
    }
    refused(
        SafetensorsText.file(GOOD.getBytes(StandardCharsets.UTF_16LE), VALUES), "not valid JSON");
  }

  @Test
  void whatTheReferenceLibraryReadsIsRead() throws IOException {
    for (String header :
        List.of(
            GOOD,
            GOOD + "   ",
            GOOD.replace(":", " : "),
            GOOD.replace("{\"a\"", "{\"__metadata__\":null,\"a\""),
            GOOD.replace("{\"a\"", "{\"__metadata__\":{},\"a\""),
            GOOD.replace(
                "{\"a\"",
                "{\"empty\":{\"dtype\":\"F64\",\"shape\":[0,7],\"data_offsets\":[8,8]},\"a\""),
            GOOD.replace("\"dtype\"", "\"more\":{\"x\":[1,{}]},\"dtype\""))) {
      try (SafetensorsFile in = SafetensorsFile.open(write(SafetensorsText.file(header, VALUES)))) {
        assertThat(in.tensors()).containsKeys("a", "b");
        assertThat(in.tensors().get("b"))
            .isEqualTo(new StoredTensor("b", FloatType.F32, List.of(1L, 3L), 8, 20));
        in.requireChecksum();
      }
    }
  }

  @Test
  void controlCharactersOfNamesAreEscapedAndLongNamesCut() throws IOException {
    String header = GOOD.replace("\"b\"", "\"\\u001b[31m" + "x".repeat(10_000) + "\"");
    Path file = write(SafetensorsText.file(header.replace("[8,20]", "[8,21]"), VALUES));
    assertThatThrownBy(() -> SafetensorsFile.open(file).close())
        .hasMessageContaining("tensor \\u001b[31mxxx")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(600).doesNotContain("\u001b"));
  }

  /** Random changes of a header: a refusal, or a file whose tensors cover it exactly. */
  @Test
  void mutatedHeadersNeverEndInAnotherException() throws IOException {
    Random random = new Random(7);
    byte[] good = SafetensorsText.file(GOOD, VALUES);
    List<String> parts =
        List.of("0", "-", "9", "[", "]", "{", "}", "\"", ",", ":", "1e5", "null", "\\u0000");
    int read = 0;
    for (int i = 0; i < 1500; i++) {
      StringBuilder header = new StringBuilder(SafetensorsText.header(good));
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        int at = random.nextInt(header.length());
        switch (random.nextInt(3)) {
          case 0 -> header.deleteCharAt(at);
          case 1 -> header.insert(at, parts.get(random.nextInt(parts.size())));
          default -> header.setCharAt(at, (char) (' ' + random.nextInt(95)));
        }
      }
      try (SafetensorsFile in =
          SafetensorsFile.open(write(SafetensorsText.file(header.toString(), VALUES)))) {
        assertThat(
                in.tensors().values().stream()
                    .mapToLong(
                        t -> t.shape().stream().reduce(1L, (a, b) -> a * b) * t.type().bytes())
                    .sum())
            .isEqualTo(VALUES.length);
        read++;
      } catch (FormatException e) {
        assertThat(e).hasMessageStartingWith(folder.toString());
      }
    }
    assertThat(read).as("changes of names").isBetween(1, 1200);
  }
}
