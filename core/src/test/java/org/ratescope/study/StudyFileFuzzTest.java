package org.ratescope.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.dataset.catalogue.Catalogue;
import org.ratescope.yaml.StudyFileException;

/** For any content of a file: a study, or a one-line error. */
class StudyFileFuzzTest {
  private static final int MUTATIONS = 1500;

  private static final List<String> PIECES =
      List.of(
          "",
          "\n",
          " ",
          "  ",
          "\t",
          ":",
          ": ",
          "- ",
          "[",
          "]",
          "{",
          "}",
          ",",
          "&a ",
          "*a",
          "!!int ",
          "!x ",
          "? ",
          "|\n",
          ">\n",
          "'",
          "\"",
          "#",
          "%YAML 1.1\n",
          "---\n",
          "...\n",
          "~",
          "null",
          "true",
          "0x10",
          "1e6",
          "1_000",
          ".inf",
          "-0.0",
          "99999999999999999999",
          "1e999999999",
          "\u0000",
          "\u001b",
          "\ufeff",
          "é",
          "\ud83d\ude00",
          "<<: ",
          "name: ",
          "profiles: ",
          "heldout:",
          "mlp:",
          "cnn:9999999999x1",
          "images: ",
          "size: ",
          "(((((((((((((((((((",
          "\\");

  @TempDir Path folder;

  private static List<Path> studies() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("../studies"))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  /** A few changes at random positions: inserted text, and bytes removed, doubled or replaced. */
  private static byte[] mutated(byte[] bytes, Random random) {
    byte[] text = bytes;
    for (int change = 0; change <= random.nextInt(4); change++) {
      int at = random.nextInt(text.length + 1);
      int until = Math.min(text.length, at + random.nextInt(40));
      byte[] piece =
          switch (random.nextInt(5)) {
            case 0 -> new byte[] {(byte) random.nextInt(256)};
            case 1 -> java.util.Arrays.copyOfRange(text, at, until);
            default -> PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
          };
      int rest = random.nextBoolean() ? at : until;
      byte[] made = new byte[at + piece.length + text.length - rest];
      System.arraycopy(text, 0, made, 0, at);
      System.arraycopy(piece, 0, made, at, piece.length);
      System.arraycopy(text, rest, made, at + piece.length, text.length - rest);
      text = made;
    }
    return text;
  }

  private interface Reader {
    void read(Path file) throws IOException;
  }

  private void check(List<byte[]> originals, Reader reader) throws IOException {
    Random random = new Random(7);
    Path file = folder.resolve("file.yaml");
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] text = mutated(originals.get(random.nextInt(originals.size())), random);
      Files.write(file, text);
      try {
        reader.read(file);
      } catch (StudyFileException e) {
        refused++;
        assertThat(e.getMessage())
            .startsWith(file + ":")
            .doesNotContain("\n", "Exception", "org.")
            .matches("[^\\p{Cntrl}]*");
      } catch (IOException | RuntimeException | StackOverflowError e) {
        fail("mutation %d: %s".formatted(i, new String(text, StandardCharsets.UTF_8)), e);
      }
    }
    assertThat(refused).isBetween(MUTATIONS / 4, MUTATIONS - 1);
  }

  @Test
  @Timeout(60)
  void studyFiles() throws IOException {
    List<byte[]> originals = new ArrayList<>();
    for (Path study : studies()) {
      if (!study.endsWith(SuiteFolder.FILE)) {
        originals.add(Files.readAllBytes(study));
      }
    }
    check(originals, StudyFile::read);
  }

  @Test
  @Timeout(60)
  void catalogueFiles() throws IOException {
    String sets =
        """
        mnist:
          mirrors: [https://example.org/mnist/]
        mine:
          about: Pictures of mine
          mirrors: ['https://example.org/data/']
          files:
            pictures.npz:
              bytes: 1000
              sha256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
              download: pictures.npz.gz
              begins: 504B0304
        """;
    check(
        List.of(sets.getBytes(StandardCharsets.UTF_8)),
        file -> assertThat(Catalogue.builtIn().with(file)).isNotNull());
  }
}
