package org.ratescope.dataset.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratescope.io.Sha256;

/** GNU Unifont's text format: glyphs, labels of a grid, and the messages for wrong files. */
class UnifontTest {
  private static final String EMPTY = "0".repeat(32);

  @TempDir Path folder;

  private Path part() throws IOException {
    return WrittenFiles.resource("unifont-part.hex", folder);
  }

  /** The letter A as the file has it: 8 pixels in a row. */
  @Test
  void aNarrowGlyph() throws IOException {
    StoredArray array = Unifont.open(part(), "0041..0043");
    assertThat(array.shape()).containsExactly(3L, 16L, 8L);
    assertThat(array.element()).isEqualTo(DType.BOOL);
    double[] letter = array.values();
    String[] rows =
        IntStream.range(0, 16)
            .mapToObj(
                row ->
                    IntStream.range(0, 8)
                        .mapToObj(p -> letter[8 * row + p] == 1 ? "#" : ".")
                        .reduce("", String::concat))
            .toArray(String[]::new);
    assertThat(rows)
        .containsExactly(
            "........",
            "........",
            "........",
            "........",
            "...##...",
            "..#..#..",
            "..#..#..",
            ".#....#.",
            ".#....#.",
            ".######.",
            ".#....#.",
            ".#....#.",
            ".#....#.",
            ".#....#.",
            "........",
            "........");
  }

  /** Golden values of a Python program. */
  @Test
  void syllablesPlainAndGzipped() throws IOException {
    Path plain = part();
    Path zipped = folder.resolve("part.hex.gz");
    Files.write(zipped, WrittenFiles.gzip(Files.readAllBytes(plain)));
    for (Path file : new Path[] {plain, zipped}) {
      StoredArray array = Unifont.open(file, "AC00..AC37");
      assertThat(array.shape()).containsExactly(56L, 16L, 16L);
      MessageDigest digest = Sha256.start();
      digest.update(WrittenFiles.bytes(array));
      assertThat(Sha256.hex(digest))
          .isEqualTo("11ec4d5405f274f4a071c3e2ca6e235be4a34a7f8944e5f574d742f80cd24c4c");
    }
  }

  @Test
  void labelsOfAGrid() throws IOException {
    StoredArray labels = Unifont.open(part(), "ac00..ac17/2x3x4");
    assertThat(labels.shape()).containsExactly(24L, 3L);
    assertThat(labels.values())
        .startsWith(0, 0, 0, 0, 0, 1)
        .endsWith(1, 2, 2, 1, 2, 3)
        .containsSubsequence(0, 2, 3, 1, 0, 0);
  }

  @Test
  void orderAndEmptyLinesDoNotMatter() throws IOException {
    Path file = folder.resolve("any.hex");
    Files.writeString(file, "0042:%s\r\n\r\n0041:80%s".formatted(EMPTY, EMPTY.substring(2)));
    double[] pixels = Unifont.open(file, "0041..0042").values();
    assertThat(pixels[0]).isEqualTo(1);
    assertThat(Arrays.stream(pixels).sum()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0041:00|line 1 is not a glyph; expected CODE:DIGITS with 4 to 6 and 32, 64, 96 or 128 hexadecimal digits",
        "0041:EE;0042:EE;0041:EE|line 3: U+0041 for the second time",
        "0041:EE;0042:EEEE|line 2: U+0042 has 16 pixels in a row; expected 8, as in line 1",
        "0041:EEEEEEEEEE|line 1 has more than 136 characters; expected CODE:DIGITS",
      })
  void wrongLinesAreNamed(String lines, String message) throws IOException {
    Path file = folder.resolve("bad.hex");
    Files.writeString(file, lines.replace("EE", EMPTY).replace(';', '\n'));
    assertThatThrownBy(() -> Unifont.open(file, "0041..0042"))
        .isInstanceOf(FormatException.class)
        .hasMessage(file + ": " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0041..0044|: no glyph of U+0044",
        "0041..0043/2x2|: the product of the axes is larger; expected 3, the number of code points",
        "0041..0044/3|: the product of the axes is 3; expected 4, the number of code points",
      })
  void arraysThatAreNotThere(String key, String message) throws IOException {
    Path file = part();
    assertThatThrownBy(() -> Unifont.open(file, key))
        .isInstanceOf(FormatException.class)
        .hasMessage("%s (%s)%s", file, key, message);
  }

  @ParameterizedTest
  @CsvSource({"0043..0041", "41..43", "0041-0043", "0041..0043/0", "0041..110000"})
  void keysAreChecked(String key) throws IOException {
    Path file = part();
    assertThatThrownBy(() -> Unifont.open(file, key))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(file + ": key " + key + "; expected ");
  }
}
