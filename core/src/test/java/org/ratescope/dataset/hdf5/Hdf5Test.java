package org.ratescope.dataset.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratescope.dataset.format.DType;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.dataset.format.StoredArray;
import org.ratescope.dataset.format.WrittenFiles;

/**
 * Files written by h5py, see README.md beside them, compared with the formulas of their contents.
 */
class Hdf5Test {
  private static final int N = 23;

  @TempDir Path folder;

  private Path file(String name) throws IOException {
    return WrittenFiles.resource(Hdf5Test.class, name, folder);
  }

  @ParameterizedTest
  @CsvSource({"earliest.h5", "v18.h5", "v114.h5", "latest.h5"})
  void everyLayoutOfEveryVersion(String name) throws IOException {
    Path file = file(name);
    for (String array :
        new String[] {
          "plain", "gzip", "pieces", "bare", "sums", "one", "deep/er/images", "/deep/er//images"
        }) {
      StoredArray stored = Hdf5.open(file, array);
      assertThat(stored.shape()).as(array).containsExactly(23L, 6L, 5L, 3L);
      assertThat(stored.element()).isEqualTo(DType.UINT8);
      assertThat(WrittenFiles.bytes(stored)).as(array).isEqualTo(Hdf5Resources.pixels(N));
    }
  }

  @ParameterizedTest
  @CsvSource({"implicit, 23", "compact, 2"})
  void layoutsOfVersion4(String array, int images) throws IOException {
    assertThat(WrittenFiles.bytes(Hdf5.open(file("latest-more.h5"), array)))
        .isEqualTo(Hdf5Resources.pixels(images));
  }

  @ParameterizedTest
  @CsvSource({"latest-more.h5, paged", "latest-more.h5, pagedzip", "v114.h5, pagedzip"})
  void tablesOfSeveralPages(String name, String array) throws IOException {
    double[] expected = IntStream.range(0, 3000).asDoubleStream().toArray();
    assertThat(Hdf5.open(file(name), array).values()).containsExactly(expected);
  }

  @Test
  void elements() throws IOException {
    Path file = file("earliest.h5");
    double[] whole = IntStream.range(0, 2 * N).mapToDouble(i -> i - 20).toArray();
    double[] quarters = IntStream.range(0, 2 * N).mapToDouble(i -> i / 4.0).toArray();
    double[] thirds = IntStream.range(0, 2 * N).mapToDouble(i -> i % 3 == 0 ? 1 : 0).toArray();
    assertThat(Hdf5.open(file, "int16").values()).containsExactly(whole);
    assertThat(Hdf5.open(file, "int64").values()).containsExactly(whole);
    assertThat(Hdf5.open(file, "big").values()).containsExactly(quarters);
    assertThat(Hdf5.open(file, "float64").values()).containsExactly(quarters);
    assertThat(Hdf5.open(file, "bool").values()).containsExactly(thirds);
    assertThat(WrittenFiles.bytes(Hdf5.open(file, "soft"))).isEqualTo(Hdf5Resources.pixels(N));
    assertThat(WrittenFiles.bytes(Hdf5.open(file, "grows"))).isEqualTo(Hdf5Resources.pixels(N));
    assertThat(Hdf5.open(file, "filler59").shape()).containsExactly(1L);
  }

  /** The published hashes of the stand-ins for 3dShapes. */
  @Test
  void standIns() throws Exception {
    Path chunked = WrittenFiles.resource("synthetic-3dshapes-chunked-gzip.h5", folder);
    byte[] images = WrittenFiles.bytes(Hdf5.open(chunked, "images"));
    byte[] labels = WrittenFiles.bytes(Hdf5.open(chunked, "labels"));
    assertThat(sha256(images))
        .isEqualTo("928b550a905fd559e299de82681d27a76ed7f8eede165de0bc1fd329e4ae83fa");
    assertThat(sha256(labels))
        .isEqualTo("9b38a72e47a401bd2c95a00d115bb697d01b69216bae1aa79fea991e6aef5346");
    Path contiguous = WrittenFiles.resource("synthetic-3dshapes-contiguous.h5", folder);
    assertThat(WrittenFiles.bytes(Hdf5.open(contiguous, "images")))
        .isEqualTo(Arrays.copyOf(images, 4 * 64 * 64 * 3));
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "scalar | 0 dimensions; expected 1 to 8",
        "empty | size 0 in dimension 0: there are no values",
        "lzf | compressed by filter 32000 (lzf); expected deflate (gzip), shuffle, fletcher32",
        "deep | not an array: its header at offset",
        "gone | there is no gone, there are:",
        "plain/x | there is no x, there are:"
      })
  void unsupportedFormsAreNamed(String array, String message) throws IOException {
    Path file = file("earliest.h5");
    assertThatThrownBy(() -> WrittenFiles.bytes(Hdf5.open(file, array)))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("%s (dataset %s): %s".formatted(file, array, message));
  }

  @Test
  void unsupportedNewerFormsAreNamed() throws IOException {
    Path more = file("latest-more.h5");
    for (String array : new String[] {"grows", "both"}) {
      assertThatThrownBy(() -> Hdf5.open(more, array))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("in a form (index ")
          .hasMessageEndingWith("that is not read; h5repack --high=v18 rewrites the file");
    }
    Path dense = file("dense.h5");
    assertThatThrownBy(() -> Hdf5.open(dense, "d03"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("the group with d03 has so many members");
  }

  @Test
  void damagedFilesAreRefused() throws IOException {
    Path file = file("earliest.h5");
    byte[] good = Files.readAllBytes(file);
    Path bad = folder.resolve("bad.h5");
    Files.write(bad, new byte[3000]);
    assertThatThrownBy(() -> Hdf5.open(bad, "plain"))
        .hasMessage(
            bad + " (dataset plain): not an HDF5 file: the signature at offset 0 is missing");
    Files.write(bad, Arrays.copyOf(good, good.length / 3));
    assertThatThrownBy(() -> WrittenFiles.bytes(Hdf5.open(bad, "pieces")))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("are outside of the file's " + good.length / 3 + " bytes");
    byte[] version = good.clone();
    version[8] = 7;
    Files.write(bad, version);
    assertThatThrownBy(() -> Hdf5.open(bad, "plain"))
        .hasMessageEndingWith("superblock version 7 at offset 8; expected 0 to 3");
  }

  /** One changed bit in the range of a checksum. */
  @Test
  void aWrongChecksumIsDetected() throws IOException {
    byte[] bytes = Files.readAllBytes(file("latest.h5"));
    byte[] row = new byte[45];
    System.arraycopy(Hdf5Resources.pixels(N), 0, row, 0, row.length);
    Path bad = folder.resolve("bad.h5");
    int noticed = 0;
    for (int at = indexOf(bytes, row, 0); at >= 0; at = indexOf(bytes, row, at + 1)) {
      byte[] changed = bytes.clone();
      changed[at + 3] ^= 4;
      Files.write(bad, changed);
      try {
        WrittenFiles.bytes(Hdf5.open(bad, "sums"));
      } catch (FormatException e) {
        assertThat(e).hasMessageContaining("damaged chunk 0 at offset ");
        assertThat(e).hasMessageEndingWith("the checksum does not match");
        noticed++;
      }
    }
    assertThat(noticed).isOne();
  }

  private static int indexOf(byte[] bytes, byte[] wanted, int from) {
    for (int at = from; at + wanted.length <= bytes.length; at++) {
      if (Arrays.mismatch(bytes, at, at + wanted.length, wanted, 0, wanted.length) < 0) {
        return at;
      }
    }
    return -1;
  }
}
