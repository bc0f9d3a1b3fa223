package org.ratescope.dataset.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.dataset.format.DType;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.dataset.format.StoredArray;
import org.ratescope.dataset.format.WrittenFiles;

/** Types, fill values, sizes, names, links and external files, written by make_cases.py. */
class Hdf5CasesTest {
  @TempDir Path parent;
  private Path folder;

  @BeforeEach
  void copy() throws IOException {
    folder = Files.createDirectories(parent.resolve("data"));
    for (String name : new String[] {"cases.h5", "cases-latest.h5", "target.h5", "raw.bin"}) {
      WrittenFiles.resource(Hdf5CasesTest.class, name, folder);
    }
  }

  private StoredArray open(String name) throws IOException {
    return Hdf5.open(folder.resolve("cases.h5"), name);
  }

  private double[] values(String name) throws IOException {
    return open(name).values();
  }

  private static double[] eight(IntToDoubleFunction value) {
    return IntStream.range(0, 8).mapToDouble(value).toArray();
  }

  @Test
  void enumerationsAreTheirNumbers() throws IOException {
    assertThat(open("enum").element()).isEqualTo(DType.UINT8);
    assertThat(values("enum")).containsExactly(eight(i -> i % 3));
    assertThat(values("enum16")).containsExactly(eight(i -> 300 * (i % 3)));
    assertThat(open("enum-two").element()).isEqualTo(DType.INT8);
    assertThat(values("enum-two")).containsExactly(eight(i -> 1 + i % 2));
    assertThat(open("enum-yes").element()).isEqualTo(DType.INT8);
    for (String name : new String[] {"bool", "enum-turned"}) {
      assertThat(open(name).element()).as(name).isEqualTo(DType.BOOL);
      assertThat(values(name)).as(name).containsExactly(eight(i -> i % 2));
    }
  }

  @Test
  void numbersOfAllTheirBits() throws IOException {
    for (String name : new String[] {"half", "half-big"}) {
      assertThat(open(name).element()).isEqualTo(DType.FLOAT16);
      assertThat(values(name)).containsExactly(eight(i -> i / 4.0 - 1));
    }
    assertThat(values("uint64")).containsExactly(0, 1, 0x1p64);
    assertThat(open("committed").element()).isEqualTo(DType.INT16);
    assertThat(values("committed")).containsExactly(eight(i -> i));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bits8 | bit fields of 1 bytes",
        "bits16 | bit fields of 2 bytes",
        "bits32 | bit fields of 4 bytes",
        "bits64 | bit fields of 8 bytes",
        "opaque1 | opaque bytes of 1 bytes",
        "opaque2 | opaque bytes of 2 bytes",
        "opaque4 | opaque bytes of 4 bytes",
        "opaque8 | opaque bytes of 8 bytes",
        "compound1 | compounds of 1 bytes",
        "compound2 | compounds of 2 bytes",
        "compound4 | compounds of 4 bytes",
        "compound8 | compounds of 8 bytes",
        "complex | compounds of 16 bytes",
        "reference | references of 8 bytes",
        "time4 | times of 4 bytes",
        "time8 | times of 8 bytes",
        "array4 | arrays of 4 bytes",
        "list | variable-length lists of 16 bytes",
        "bits12 | whole numbers of 12 bits, from bit 0 on, in 2 bytes",
        "bits12-moved | whole numbers of 12 bits, from bit 4 on, in 2 bytes",
        "bfloat16 | floats of 2 bytes with 8 bits of exponent and 7 of mantissa, not in an IEEE"
            + " format",
        "odd-float4 | floats of 4 bytes with 11 bits of exponent and 20 of mantissa, not in an IEEE"
            + " format",
        "bias-float8 | floats of 8 bytes with 11 bits of exponent and 52 of mantissa, not in an"
            + " IEEE format"
      })
  void otherTypesAreRefusedByName(String name, String what) {
    assertThatThrownBy(() -> open(name))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("(dataset %s): values are %s; expected ".formatted(name, what));
  }

  @ParameterizedTest
  @CsvSource({
    "text-fixed, cat dog cat eel",
    "text-utf8, köter dog",
    "text-padded, cat horse",
    "text-ended, ca dog",
    "text-any, cat köter  cat 中文",
    "text-any-ascii, cat dog",
    "text-any-gzip, cat dog cat",
    "text-any-empty, '  '"
  })
  void textsInAllForms(String name, String expected) throws IOException {
    String[] texts = expected.isBlank() ? new String[] {"", "", ""} : expected.split(" ");
    assertThat(open(name).element().isText()).isTrue();
    assertThat(open(name).texts()).containsExactly(texts);
    StoredArray latest = Hdf5.open(folder.resolve("cases-latest.h5"), "texts/" + name);
    assertThat(latest.texts()).containsExactly(texts);
  }

  private static byte[] filled(int written, int fill) {
    byte[] values = new byte[40];
    Arrays.fill(values, (byte) fill);
    Arrays.fill(values, 0, 5 * written, (byte) 1);
    return values;
  }

  @ParameterizedTest
  @CsvSource({
    "fill-none, 0, 7",
    "fill-chunks, 3, 7",
    "fill-alloc, 3, 7",
    "fill-default, 0, 0",
    "fill-nothing, 0, 0"
  })
  void valuesThatWereNeverWrittenAreFillValues(String name, int written, int fill)
      throws IOException {
    for (String file : new String[] {"cases.h5", "cases-latest.h5"}) {
      String path = file.equals("cases.h5") ? name : "fills/" + name;
      StoredArray array = Hdf5.open(folder.resolve(file), path);
      assertThat(WrittenFiles.bytes(array)).as(file).isEqualTo(filled(written, fill));
    }
  }

  @Test
  void aFillValueHasItsTypeAndByteOrder() throws IOException {
    double[] expected = new double[40];
    Arrays.fill(expected, 0.25);
    assertThat(values("fill-float")).containsExactly(expected);
  }

  /** The HDF5 library does not change the reader's memory there. */
  @ParameterizedTest
  @CsvSource({"fill-never, the array", "fill-never-chunks, chunk 3 of 9"})
  void unwrittenValuesWithoutAFillValueAreRefused(String name, String what) {
    assertThatThrownBy(() -> WrittenFiles.bytes(open(name)))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(
            what + " was never written, and its fill value is never used (fill time \"never\")");
  }

  /** A message of version 3 with the flag for an undefined fill value. */
  @Test
  void anUndefinedFillValueIsRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(folder.resolve("cases-latest.h5"));
    Path file = folder.resolve("undefined.h5");
    int refused = 0;
    for (int at = 0; at + 8 < bytes.length; at++) {
      // version 3, late, if set, value given, size 1, value 7
      if (Arrays.equals(bytes, at, at + 7, new byte[] {3, 0x2A, 1, 0, 0, 0, 7}, 0, 7)) {
        byte[] changed = bytes.clone();
        changed[at + 1] = 0x1A;
        Files.write(file, changed);
        try {
          Hdf5.open(file, "fills/fill-none");
        } catch (FormatException e) {
          assertThat(e).hasMessageContaining("was never written, and its fill value is undefined");
          refused++;
        }
      }
    }
    assertThat(refused).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"most", "most-gzip", "most-shrunk", "most-early"})
  void arraysThatMayGrow(String name) throws IOException {
    for (String path : new String[] {name, "sizes/" + name}) {
      Path file = folder.resolve(path.equals(name) ? "cases.h5" : "cases-latest.h5");
      StoredArray array = Hdf5.open(file, path);
      assertThat(array.shape()).containsExactly(23L, 6L, 5L, 3L);
      assertThat(WrittenFiles.bytes(array)).as(path).isEqualTo(Hdf5Resources.pixels(23));
    }
  }

  @Test
  void oddNames() throws IOException {
    byte[] two = Hdf5Resources.pixels(2);
    String[] names = {
      "my images",
      "more/größe/bilder 中",
      "//more/größe/./bilder 中/",
      "a,b=c:d;e'f\"g",
      "x".repeat(300),
      "soft",
      "more/größe/soft",
      "more/größe/soft-root",
      "soft-group/bilder 中",
      "soft-group/soft"
    };
    for (String name : names) {
      assertThat(WrittenFiles.bytes(open(name))).as(name).isEqualTo(two);
    }
    assertThatThrownBy(() -> open("more/größe/bild"))
        .hasMessageEndingWith("there is no bild, there are: bilder 中, soft, soft-root");
  }

  @ParameterizedTest
  @CsvSource({
    "soft-gone, 'there is no gone, there are: '",
    "soft-round, more than 16 links lead to each other",
    "out/to-missing, 'what to-missing links to is in the file missing.h5, which is missing'",
    "raw-short, 'the file raw.bin has 2070 bytes; expected 2160 from offset 0 on'",
    "virtual, 'a virtual dataset, a view of other arrays, which is not read; copy it'"
  })
  void brokenLinksAreNamed(String name, String message) {
    assertThatThrownBy(() -> open(name))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("(dataset %s): %s".formatted(name, message));
  }

  @ParameterizedTest
  @ValueSource(strings = {"out/to-file", "out/to-soft", "out/to-group/images", "out/to-below"})
  void linksToFilesOfTheSameFolder(String name) throws IOException {
    Files.createDirectories(folder.resolve("below"));
    Files.copy(folder.resolve("target.h5"), folder.resolve("below/target.h5"));
    StoredArray array = open(name);
    assertThat(WrittenFiles.bytes(array)).isEqualTo(Hdf5Resources.pixels(3));
    assertThat(array.files()).singleElement().asString().endsWith("target.h5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw", "raw-parts"})
  void valuesInFilesOfTheSameFolder(String name) throws IOException {
    StoredArray array = open(name);
    assertThat(WrittenFiles.bytes(array)).isEqualTo(Hdf5Resources.pixels(23));
    assertThat(array.files())
        .containsExactly(folder.resolve("cases.h5"), folder.resolve("raw.bin"));
  }

  @Test
  void linksInHeadersOfTheNewFormat() throws IOException {
    Path latest = folder.resolve("cases-latest.h5");
    assertThat(WrittenFiles.bytes(Hdf5.open(latest, "soft"))).isEqualTo(Hdf5Resources.pixels(23));
    assertThat(WrittenFiles.bytes(Hdf5.open(latest, "to-file"))).isEqualTo(Hdf5Resources.pixels(3));
    assertThat(WrittenFiles.bytes(Hdf5.open(latest, "raw"))).isEqualTo(Hdf5Resources.pixels(23));
  }

  /** All the files exist, but their location forbids reading them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "out/to-above",
        "more/to-inside",
        "out/to-absolute",
        "out/to-symlink",
        "raw-absolute",
        "raw-above",
        "raw-symlink"
      })
  void filesOutsideTheFolderAreNotRead(String name) throws IOException {
    Files.createDirectories(folder.resolve("below"));
    for (String file : new String[] {"target.h5", "raw.bin"}) {
      Files.copy(folder.resolve(file), parent.resolve(file));
    }
    Files.createSymbolicLink(folder.resolve("symlink.h5"), parent.resolve("target.h5"));
    Files.createSymbolicLink(folder.resolve("symlink.bin"), parent.resolve("raw.bin"));
    assertThatThrownBy(() -> open(name))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("; expected a file in the folder of this one, or below it");
  }

  @Test
  void chunksThatShareBytesAreRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(Hdf5Resources.file("earliest.h5", folder));
    Path file = folder.resolve("bad.h5");
    Set<String> refused = new TreeSet<>();
    for (int tree = 0; tree + 4 < bytes.length; tree++) {
      boolean chunks =
          bytes[tree] == 'T'
              && bytes[tree + 1] == 'R'
              && bytes[tree + 4] == 1
              && bytes[tree + 5] == 0;
      if (!chunks) {
        continue;
      }
      int keyBytes = 8 + 8 * 5; // four dimensions and the element
      int first = tree + 24 + keyBytes;
      byte[] changed = bytes.clone();
      System.arraycopy(bytes, first, changed, first + keyBytes + 8, 8);
      changed[first + keyBytes + 8]++;
      Files.write(file, changed);
      for (String name : new String[] {"gzip", "pieces", "bare", "sums"}) {
        try {
          WrittenFiles.bytes(Hdf5.open(file, name));
        } catch (FormatException e) {
          assertThat(e).hasMessageMatching(".*chunks \\d+ and \\d+ overlap at offset \\d+");
          refused.add(name);
        }
      }
    }
    assertThat(refused).containsExactly("bare", "gzip", "pieces", "sums");
  }
}
