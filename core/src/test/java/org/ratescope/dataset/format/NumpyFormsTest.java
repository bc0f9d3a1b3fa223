package org.ratescope.dataset.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All forms that NumPy writes, and damaged files of each form. */
class NumpyFormsTest {
  private static final byte[] SIX = {0, 1, 2, 3, 4, 5};
  private static final byte[] ARRAY = WrittenFiles.npy("|u1", SIX, 6);

  @TempDir Path folder;

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static void read(Path file, String key) throws IOException {
    StoredArray array = file.toString().endsWith(".npz") ? Npz.open(file, key) : Npy.open(file);
    WrittenFiles.bytes(array);
  }

  private void refused(String name, byte[] bytes, String message) throws IOException {
    Path file = file(name, bytes);
    assertThatThrownBy(() -> read(file, "imgs"))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message);
  }

  /** NumPy sorts the keys, but reads them in any order; other programs write them in this order. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      quoteCharacter = '`',
      value = {
        "1 @ {'descr': '|u1', 'fortran_order': False, 'shape': (6,), }",
        "2 @ {'shape': (2, 3), 'fortran_order': False, 'descr': '|u1'}",
        "3 @ {\"shape\":(6,),\"descr\":\"<u1\",\"fortran_order\":False}",
        "1 @ {'descr': 'u1', 'fortran_order': False, 'shape': (6L,)}",
        "1 @ {'descr': '=u1', 'fortran_order': True, 'shape': (6,)}",
        "1 @ {'descr': '<f2', 'fortran_order': False, 'shape': (3,)}",
        "1 @ {'descr': '|u1', 'fortran_order': True, 'shape': (1, 6, 1)}"
      })
  void headersThatNumpyReads(int version, String header) throws IOException {
    assertThat(WrittenFiles.bytes(Npy.open(file("x.npy", WrittenFiles.npy(version, header, SIX)))))
        .isEqualTo(SIX);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      quoteCharacter = '`',
      value = {
        "{'descr': '|O', 'fortran_order': False, 'shape': (6,)} @ an array of Python objects, which"
            + " are pickled and not read; expected numbers or texts: save a.astype('float32') or"
            + " a.astype(str)",
        "{'descr': [('x', '<f4'), ('y', '<i4', (2,))], 'fortran_order': False, 'shape': (6,)} @ a"
            + " structured dtype [('x', '<f4'), ('y', '<i4', (2,))]; expected one number or text"
            + " for each value: save one field of it, as in numpy.save(file, a['field'])",
        "{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (6,)} @ dtype '<M8[ns]'; expected"
            + " bool, int8",
        "{'descr': '<c8', 'fortran_order': False, 'shape': (6,)} @ dtype '<c8'; expected bool,"
            + " int8",
        "{'descr': '|V6', 'fortran_order': False, 'shape': (6,)} @ dtype '|V6'; expected bool,"
            + " int8",
        "{'descr': '<U0', 'fortran_order': False, 'shape': (6,)} @ texts of 0 characters; expected"
            + " 1 to 1024",
        "{'descr': '<U999999999', 'fortran_order': False, 'shape': (6,)} @ texts of 999999999"
            + " characters; expected 1 to 1024",
        "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3)} @ Fortran order; expected C"
            + " order (numpy.ascontiguousarray)",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (-6,)} @ shape [-6] has no values",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (-2, -3)} @ shape [-2, -3] has no"
            + " values",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (9223372036854775807, 2)} @ need more"
            + " bytes than",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2305843009213693952,)} @ need more"
            + " bytes than",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (5,)} @ need 5 bytes after offset 128,"
            + " the file has 6",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (7,)} @ need 7 bytes after offset 128,"
            + " the file has 6",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1, 1, 1, 1, 6)} @ 9"
            + " dimensions; expected 1 to 8",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (3.0, 2)} @ size '3.0' in the shape is"
            + " not a number",
        "{'descr': '|u1', 'shape': (1,), 'fortran_order': False, 'shape': (6,)} @ the header has"
            + " two shape",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (6,), 'more': 1} @ the header does not"
            + " end after descr, fortran_order and shape",
        "{'descr': '|u1', 'fortran_order': 0, 'shape': (6,)} @ the header has no valid shape",
        "['descr', '|u1'] @ the header has no valid shape",
        "`` @ the header has no valid shape"
      })
  void headersThatAreRefused(String header, String message) throws IOException {
    refused("x.npy", WrittenFiles.npy(header, SIX), message);
  }

  @Test
  void otherFormatsAreNamed() throws IOException {
    refused(
        "x.npy", ZipWritten.of(Map.of("a.npy", ARRAY), false).bytes(), "a ZIP archive; expected");
    refused("x.npy", new byte[] {(byte) 0x80, 4, 0x5D, 0, 0, 0, 0, 0}, "a Python pickle; expected");
    refused(
        "x.npy",
        "\u0089HDF\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1),
        "an HDF5 file; expected an .npy array: hdf5:FILE,key=NAME");
    refused("x.npy", new byte[9], "not an .npy file: the magic bytes at offset 0 are missing");
    refused("x.npz", ARRAY, "not a ZIP archive: it has no end record");
    byte[] longHeader =
        WrittenFiles.npy(2, "{'descr': '|u1', 'fortran_order': False, 'shape': (6,)}", SIX);
    ByteBuffer.wrap(longHeader).order(ByteOrder.LITTLE_ENDIAN).putInt(8, 1 << 19);
    refused("x.npy", longHeader, "truncated: it ends at offset");
  }

  @Test
  void texts() throws IOException {
    Path wide =
        file("w.npy", WrittenFiles.npy("<U3", WrittenFiles.utf32(3, "cat", "ß", "", "中文 "), 4));
    StoredArray array = Npy.open(wide);
    assertThat(array.element().isText()).isTrue();
    assertThat(array.texts()).containsExactly("cat", "ß", "", "中文 ");
    byte[] bytes = "cat\0\0a\0b\0\0é\0\0\0".getBytes(StandardCharsets.UTF_8);
    assertThat(Npy.open(file("s.npy", WrittenFiles.npy("|S5", bytes, 3))).texts())
        .containsExactly("cat", "a\0b", "é");
    byte[] swapped = new byte[8];
    ByteBuffer.wrap(swapped).putInt('o').putInt('k');
    assertThat(Npy.open(file("b.npy", WrittenFiles.npy(">U2", swapped, 1))).texts())
        .containsExactly("ok");
    for (int point : new int[] {0x110000, -1, 0xD800}) {
      byte[] bad = WrittenFiles.utf32(1, "a", "b");
      ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putInt(4, point);
      Path file = file("bad.npy", WrittenFiles.npy("<U1", bad, 2));
      assertThatThrownBy(() -> Npy.open(file).texts())
          .isInstanceOf(FormatException.class)
          .hasMessage(
              file
                  + ": the text at position 1 is not valid Unicode; expected UTF-8 (S) or UTF-32"
                  + " (U)");
    }
    Path latin = file("l.npy", WrittenFiles.npy("|S1", new byte[] {'a', (byte) 0xE9}, 2));
    assertThatThrownBy(() -> Npy.open(latin).texts())
        .hasMessageContaining("the text at position 1 is not valid Unicode");
  }

  /** A double cannot distinguish these. */
  @Test
  void wholeNumbersHaveAllTheirDigits() throws IOException {
    byte[] raw = new byte[24];
    long[] numbers = {1L << 62, (1L << 62) + 1, -1};
    ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(numbers);
    assertThat(Npy.open(file("i.npy", WrittenFiles.npy("<i8", raw, 3))).texts())
        .containsExactly("4611686018427387904", "4611686018427387905", "-1");
    assertThat(Npy.open(file("u.npy", WrittenFiles.npy("<u8", raw, 3))).texts())
        .endsWith("18446744073709551615");
  }

  /** As numpy.savez and other programs write them: also a name without {@code .npy}. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void membersOfArchives(boolean large) throws IOException {
    byte[] bytes =
        new ZipWritten(large)
            .add("imgs.npy", ARRAY)
            .add("raw", WrittenFiles.npy("|u1", SIX, 2, 3))
            .add("big cat, ü.npy", ARRAY)
            .add("notes.txt", new byte[] {'h', 'i'})
            .bytes();
    Path file = file("x.npz", bytes);
    for (String key : List.of("imgs", "imgs.npy", "raw", "big cat, ü")) {
      assertThat(WrittenFiles.bytes(Npz.open(file, key))).as(key).isEqualTo(SIX);
    }
    assertThatThrownBy(() -> Npz.open(file, "gone"))
        .hasMessage(file + ": no array named gone, it has: imgs, raw, big cat, ü, notes.txt");
    assertThatThrownBy(() -> Npz.open(file, "notes.txt"))
        .hasMessageStartingWith(file + " (array notes.txt): truncated");
    byte[] comment = Arrays.copyOf(bytes, bytes.length + 5);
    comment[bytes.length - 2] = 5;
    assertThat(WrittenFiles.bytes(Npz.open(file("comment.npz", comment), "imgs"))).isEqualTo(SIX);
  }

  /**
   * For two members with the same name, NumPy reads the last, the JDK the first, and unzip asks.
   */
  @Test
  void membersWithTheSameNameAreRefused() throws IOException {
    for (String other : List.of("imgs.npy", "imgs")) {
      refused(
          "x.npz",
          new ZipWritten(false).add("imgs.npy", ARRAY).add(other, ARRAY).bytes(),
          "2 members named imgs or imgs.npy, and programs read different ones; expected one:"
              + " write the file again with numpy.savez");
    }
    Path file =
        file(
            "y.npz",
            new ZipWritten(false).add("a", ARRAY).add("a", ARRAY).add("imgs.npy", ARRAY).bytes());
    assertThat(WrittenFiles.bytes(Npz.open(file, "imgs"))).as("another key is fine").isEqualTo(SIX);
  }

  @ParameterizedTest
  @CsvSource({"12, bzip2", "14, LZMA", "93, Zstandard", "95, XZ", "9, deflate64", "77, method 77"})
  void otherCompressionsAreNamed(int method, String name) throws IOException {
    ZipWritten zip = new ZipWritten(false).add("imgs.npy", ARRAY);
    byte[] bytes = zip.bytes();
    bytes[zip.header(0) + 8] = (byte) method;
    bytes[zip.entry(0) + 10] = (byte) method;
    refused(
        "x.npz",
        bytes,
        " (array imgs): it is compressed with %s; expected stored or deflated, as numpy.savez and"
                .formatted(name)
            + " numpy.savez_compressed write it");
  }

  /**
   * One field at a time is wrong.
   *
   * @param at location of the field: h in the second member's own header, d in its directory entry,
   *     e in the end record, c in its content
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "h | 0 | 1 | member imgs.npy has no header at offset",
        "h | 8 | 8 | member imgs.npy has another name or compression",
        "h | 14 | 1 | member imgs.npy has another size or checksum in its own header",
        "h | 18 | 1 | member imgs.npy has another size or checksum in its own header",
        "h | 22 | 1 | member imgs.npy has another size or checksum in its own header",
        "h | 30 | 120 | member imgs.npy has another name",
        "d | 0 | 1 | entry 1 of its directory is damaged",
        "d | 16 | 1 | member imgs.npy has another size or checksum in its own header",
        "d | 24 | 1 | member imgs.npy has another size or checksum in its own header",
        "d | 28 | 255 | entry 1 of its directory is longer than the directory",
        "d | 42 | 0 | another name",
        "d | 45 | 127 | member imgs.npy begins at offset",
        "e | 4 | 1 | it is one of several parts",
        "e | 10 | 3 | its directory has 2 entries, its end record says 3",
        "e | 12 | 1 | does not end at offset",
        "e | 16 | 1 | does not end at offset",
        "e | 20 | 1 | not a ZIP archive: it has no end record",
        "c | 130 | 9 | (array imgs): damaged at offset 134: its checksum (CRC-32) is"
      })
  void damagedArchivesAreRefused(char at, int offset, int value, String message)
      throws IOException {
    ZipWritten zip = new ZipWritten(false).add("a.npy", ARRAY).add("imgs.npy", ARRAY);
    byte[] bytes = zip.bytes();
    int start =
        switch (at) {
          case 'h' -> zip.header(1);
          case 'd' -> zip.entry(1);
          case 'c' -> zip.header(1) + 38;
          default -> zip.end();
        };
    assertThat(bytes[start + offset]).isNotEqualTo((byte) value);
    bytes[start + offset] = (byte) value;
    refused("x.npz", bytes, message);
  }

  @Test
  void membersThatShareBytesAreRefused() throws IOException {
    ZipWritten zip = new ZipWritten(false).add("imgs.npy", ARRAY).add("abcd.npy", ARRAY);
    byte[] inside = zip.bytes();
    for (int field : new int[] {18, 22}) { // the first member also contains the second's bytes
      ByteBuffer.wrap(inside).order(ByteOrder.LITTLE_ENDIAN).putInt(zip.header(0) + field, 300);
      ByteBuffer.wrap(inside).order(ByteOrder.LITTLE_ENDIAN).putInt(zip.entry(0) + field + 2, 300);
    }
    refused("x.npz", inside, "member imgs.npy overlaps member abcd.npy");
    byte[] directory = zip.bytes();
    for (int field : new int[] {18, 22}) {
      ByteBuffer.wrap(directory).order(ByteOrder.LITTLE_ENDIAN).putInt(zip.header(1) + field, 150);
      ByteBuffer.wrap(directory)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt(zip.entry(1) + field + 2, 150);
    }
    refused("x.npz", directory, "member abcd.npy overlaps the directory");
    byte[] twice = new ZipWritten(false).add("imgs.npy", ARRAY).add("imgs.npy", ARRAY).bytes();
    ByteBuffer.wrap(twice).order(ByteOrder.LITTLE_ENDIAN).putInt(zip.entry(1) + 42, 0);
    refused("x.npz", twice, "member imgs.npy overlaps member imgs.npy");
    byte[] before = new byte[zip.bytes().length + 10];
    System.arraycopy(zip.bytes(), 0, before, 10, before.length - 10);
    refused("x.npz", before, "does not end at offset");
  }

  /** The size in a deflated member's header is compared with the inflated size. */
  @Test
  void deflatedMembersAreVerifiedAtTheirEnd() throws IOException {
    byte[] good =
        WrittenFiles.zip(Map.of("imgs.npy", WrittenFiles.npy("|u1", new byte[5000], 5000)));
    Path file = file("x.npz", good);
    assertThat(WrittenFiles.bytes(Npz.open(file, "imgs"))).hasSize(5000);
    int entry = new String(good, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
    byte[] crc = good.clone();
    crc[entry + 16] ^= 1;
    refused("x.npz", crc, "(array imgs): damaged at offset 5128: its checksum (CRC-32) is");
    byte[] encrypted = good.clone();
    encrypted[entry + 8] |= 1;
    refused("x.npz", encrypted, "(array imgs): it is encrypted");
    byte[] shorter = good.clone();
    shorter[entry + 20] = (byte) (shorter[entry + 20] - 3); // compressed bytes
    refused("x.npz", shorter, "(array imgs): ");
    byte[] bomb = good.clone();
    bomb[entry + 27] = 0x40; // a gibibyte
    refused("x.npz", bomb, "compressed bytes cannot hold");
  }
}
