package org.ratescope.dataset.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** IDX, binary matrix, NPY and NPZ: reading, and the messages for damaged files. */
class ArrayFilesTest {
  private static final byte[] SIX = {0, 1, 2, 3, (byte) 254, (byte) 255};

  @TempDir Path folder;

  private interface Opening {
    StoredArray open(Path file) throws IOException;
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private void refused(Opening opening, byte[] bytes, String message) throws IOException {
    Path file = file("bad", bytes);
    assertThatThrownBy(() -> WrittenFiles.bytes(opening.open(file)))
        .isInstanceOf(FormatException.class)
        .hasMessage(file + ": " + message);
  }

  @Test
  void idxPlainAndGzipped() throws IOException {
    for (byte[] bytes :
        List.of(
            WrittenFiles.idx(SIX, 2, 3, 1), WrittenFiles.gzip(WrittenFiles.idx(SIX, 2, 3, 1)))) {
      StoredArray array = Idx.open(file("a", bytes));
      assertThat(array.shape()).containsExactly(2L, 3L, 1L);
      assertThat(array.element()).isEqualTo(DType.UINT8);
      assertThat(array.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
      assertThat(WrittenFiles.bytes(array)).isEqualTo(SIX);
      assertThat(array.values()).containsExactly(0, 1, 2, 3, 254, 255);
    }
  }

  /** Type codes and bytes from the description of the format, values computed by hand. */
  @ParameterizedTest
  @CsvSource({
    "09, 80ff7f, -128 -1 127",
    "0B, 8000ffff0100, -32768 -1 256",
    "0C, 80000000ffffffff00000100, -2147483648 -1 256",
    "0D, 3f800000c0200000, 1 -2.5",
    "0E, 3ff0000000000000c004000000000000, 1 -2.5"
  })
  void idxElements(String type, String bytes, String values) throws IOException {
    byte[] raw = HexFormat.of().parseHex(bytes);
    double[] expected = Arrays.stream(values.split(" ", -1)).mapToDouble(Double::valueOf).toArray();
    int code = Integer.parseInt(type, 16);
    Path file = file("a", WrittenFiles.idx(code, new int[] {expected.length}, raw));
    assertThat(Idx.open(file).values()).containsExactly(expected);
  }

  @Test
  void damagedIdxIsRefused() throws IOException {
    byte[] good = WrittenFiles.idx(SIX, 2, 3);
    refused(Idx::open, new byte[0], "truncated: it ends at offset 0; expected 4 more bytes");
    refused(
        Idx::open, Arrays.copyOf(good, 9), "truncated: it ends at offset 9; expected 3 more bytes");
    refused(
        Idx::open,
        Arrays.copyOf(good, good.length - 1),
        "values of shape [2, 3] and type uint8 need 6 bytes after offset 12, the file has 5");
    refused(
        Idx::open,
        Arrays.copyOf(good, good.length + 1),
        "values of shape [2, 3] and type uint8 need 6 bytes after offset 12, the file has 7");
    byte[] magic = good.clone();
    magic[0] = 1;
    refused(Idx::open, magic, "not an IDX file: got the bytes 01 00 at offset 0; expected 00 00");
    refused(
        Idx::open,
        WrittenFiles.idx(7, new int[] {6}, SIX),
        "type 07 at offset 2; expected 08, 09, 0B, 0C, 0D, 0E (hexadecimal)");
    refused(Idx::open, WrittenFiles.idx(SIX), "0 dimensions at offset 3; expected 1 to 8");
    refused(Idx::open, WrittenFiles.idx(SIX, 0, 3), "shape [0, 3] has no values");
    refused(
        Idx::open,
        WrittenFiles.idx(SIX, -1, -1, -1),
        "values of shape [4294967295, 4294967295, 4294967295] and type uint8 need more bytes than"
            + " the 22 the file can hold");
  }

  /** Sizes in little-endian order are too large when read as big-endian. */
  @Test
  void littleEndianIdxIsRefused() throws IOException {
    byte[] wrong = WrittenFiles.idx(SIX, Integer.reverseBytes(2), Integer.reverseBytes(3));
    refused(
        Idx::open,
        wrong,
        "values of shape [33554432, 50331648] and type uint8 need more bytes than the 18 the file"
            + " can hold");
  }

  @Test
  void damagedGzipIsRefused() throws IOException {
    byte[] good = WrittenFiles.gzip(WrittenFiles.idx(new byte[100_000], 100, 1000));
    assertThatThrownBy(
            () ->
                WrittenFiles.bytes(Idx.open(file("cut.gz", Arrays.copyOf(good, good.length - 12)))))
        .isInstanceOf(FormatException.class)
        .hasMessageMatching(
            ".*cut.gz: damaged at offset \\d+: Unexpected end of ZLIB input stream");
    byte[] changed = good.clone();
    changed[good.length - 6] ^= 1; // the checksum
    assertThatThrownBy(() -> WrittenFiles.bytes(Idx.open(file("changed.gz", changed))))
        .isInstanceOf(FormatException.class)
        .hasMessageMatching(".*changed.gz: damaged at offset \\d+: Corrupt GZIP trailer");
    byte[] garbage = Arrays.copyOf(good, good.length + 3);
    garbage[good.length + 1] = 7;
    assertThatThrownBy(() -> WrittenFiles.bytes(Idx.open(file("garbage.gz", garbage))))
        .isInstanceOf(FormatException.class)
        .hasMessageEndingWith("bytes that are not gzip follow the compressed content");
    byte[] filledUp = Arrays.copyOf(good, good.length + 100_000);
    assertThat(WrittenFiles.bytes(Idx.open(file("filled.gz", filledUp)))).hasSize(100_000);
    byte[] longer = WrittenFiles.gzip(WrittenFiles.idx(new byte[100_001], 100, 1000));
    assertThatThrownBy(() -> WrittenFiles.bytes(Idx.open(file("longer.gz", longer))))
        .isInstanceOf(FormatException.class)
        .hasMessageEndingWith("longer.gz: continues after its last value, at offset 100012");
    refused(
        Idx::open,
        new byte[] {0x1F, (byte) 0x8B, 9, 9},
        "not a gzip file at offset 0: " + "Unsupported compression method");
  }

  /** A gzip file may have several members: their contents are concatenated. */
  @Test
  void severalGzipMembersAreConcatenated() throws IOException {
    byte[] whole = WrittenFiles.idx(SIX, 2, 3);
    byte[] first = WrittenFiles.gzip(Arrays.copyOf(whole, 7));
    byte[] second = WrittenFiles.gzip(Arrays.copyOfRange(whole, 7, whole.length));
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    assertThat(WrittenFiles.bytes(Idx.open(file("a.gz", both)))).isEqualTo(SIX);
  }

  /**
   * A hundred megabytes of zeros in a hundred kilobytes: not read beyond the size in the header.
   */
  @Test
  void aGzipBombIsNotInflated() throws IOException {
    Path bomb = folder.resolve("bomb.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(bomb))) {
      out.write(WrittenFiles.idx(SIX, 2, 3));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 100; i++) {
        out.write(zeros);
      }
    }
    assertThatThrownBy(() -> Idx.open(bomb).values())
        .isInstanceOf(FormatException.class)
        .hasMessage(bomb + ": continues after its last value, at offset 18");
    byte[] promise = WrittenFiles.gzip(WrittenFiles.idx(SIX, 1 << 30, 3));
    refused(
        Idx::open,
        promise,
        "values of shape [1073741824, 3] and type uint8 need more bytes than the %d the file can hold"
            .formatted(1032L * promise.length));
  }

  /**
   * The published hashes of the stand-ins are those of the unpacked files, including the header.
   */
  @ParameterizedTest
  @CsvSource({
    "dat, 35b67f8b03041130526c3e3a54dcb1e4314d2a4466062453673cf5e439a4f45c, 24",
    "cat, 348b93b87632003226960449a9f054778fd9c6acb2760f5d51ac7aae75f3c1e0, 20",
    "info, ac1340fd204dd2d5215dab668805a8d7d0d330650a399e4d150a43082654f03d, 20"
  })
  void standInMatrices(String part, String sha256, int header) throws Exception {
    Path file = WrittenFiles.resource("synthetic-smallnorb-%s.mat.gz".formatted(part), folder);
    StoredArray array = BinaryMatrix.open(file);
    byte[] values = WrittenFiles.bytes(array);
    int[] sizes = array.shape().stream().mapToInt(Long::intValue).toArray();
    int magic = part.equals("dat") ? 0x1E3D4C55 : 0x1E3D4C54;
    byte[] whole = WrittenFiles.matrix(magic, sizes, values);
    assertThat(whole.length - values.length).isEqualTo(header);
    assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(whole)))
        .isEqualTo(sha256);
  }

  @Test
  void standInContents() throws IOException {
    StoredArray dat =
        BinaryMatrix.open(WrittenFiles.resource("synthetic-smallnorb-dat.mat.gz", folder));
    assertThat(dat.shape()).containsExactly(6L, 2L, 96L, 96L);
    byte[] pixels = WrittenFiles.bytes(dat);
    for (int i = 0; i < pixels.length; i++) {
      int column = i % 96;
      int row = i / 96 % 96;
      int camera = i / 96 / 96 % 2;
      int n = i / 96 / 96 / 2;
      assertThat(pixels[i]).isEqualTo((byte) (7 * n + 3 * camera + row + 2 * column));
    }
    StoredArray info =
        BinaryMatrix.open(WrittenFiles.resource("synthetic-smallnorb-info.mat.gz", folder));
    assertThat(info.shape()).containsExactly(6L, 4L);
    assertThat(Arrays.copyOf(info.values(), 8)).containsExactly(4, 0, 0, 0, 6, 1, 2, 1);
    StoredArray cat =
        BinaryMatrix.open(WrittenFiles.resource("synthetic-smallnorb-cat.mat.gz", folder));
    assertThat(cat.shape()).containsExactly(6L);
    assertThat(cat.values()).containsExactly(0, 1, 2, 3, 4, 0);
  }

  @Test
  void damagedMatricesAreRefused() throws IOException {
    byte[] good = WrittenFiles.matrix(0x1E3D4C55, new int[] {2, 3}, SIX);
    assertThat(WrittenFiles.bytes(BinaryMatrix.open(file("good", good)))).isEqualTo(SIX);
    refused(
        BinaryMatrix::open,
        Arrays.copyOf(good, 15),
        "truncated: it ends at offset 15; expected 5 more bytes");
    refused(
        BinaryMatrix::open,
        Arrays.copyOf(good, good.length - 2),
        "values of shape [2, 3] and type uint8 need 6 bytes after offset 20, the file has 4");
    refused(
        BinaryMatrix::open,
        WrittenFiles.matrix(0x1E3D4C52, new int[] {2, 3}, SIX),
        "not a binary matrix: magic number 1E3D4C52 at offset 0");
    refused(
        BinaryMatrix::open,
        WrittenFiles.matrix(Integer.reverseBytes(0x1E3D4C55), new int[] {2, 3}, SIX),
        "big-endian at offset 0; expected little-endian");
    refused(
        BinaryMatrix::open,
        WrittenFiles.matrix(0x1E3D4C55, new int[0], SIX),
        "0 dimensions at offset 4; expected 1 to 8");
    refused(
        BinaryMatrix::open,
        WrittenFiles.matrix(0x1E3D4C54, new int[] {2, -3}, SIX),
        "shape [2, -3] has no values");
    refused(
        BinaryMatrix::open,
        WrittenFiles.matrix(0x1E3D4C53, new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE}, SIX),
        "values of shape [2147483647, 2147483647] and type float64 need more bytes than the 26 the"
            + " file can hold");
  }

  /** Bytes as NumPy writes them, values computed by hand. */
  @ParameterizedTest
  @CsvSource({
    "|b1, 000105, 0 1 1",
    "|u1, 00ff, 0 255",
    "|i1, 80, -128",
    "<u2, 0100ffff, 1 65535",
    "<i2, ffff, -1",
    "<u4, ffffffff, 4294967295",
    "<i4, feffffff, -2",
    "<i8, ffffffffffffffff, -1",
    "<u8, ffffffffffffffff0100000000000000, 18446744073709551615 1",
    ">u8, 0000000000000100, 256",
    "?, 0100, 1 0",
    "<f4, 0000803f, 1",
    "<f8, 000000000000f0bf, -1",
    ">f4, 3f800000, 1",
    ">i4, 00000100, 256"
  })
  void npyElements(String type, String bytes, String values) throws IOException {
    double[] expected = Arrays.stream(values.split(" ", -1)).mapToDouble(Double::valueOf).toArray();
    byte[] raw = HexFormat.of().parseHex(bytes);
    Path file = file("x.npy", WrittenFiles.npy(type, raw, expected.length));
    assertThat(Npy.open(file).values()).containsExactly(expected);
  }

  @Test
  void damagedNpyIsRefused() throws IOException {
    byte[] good = WrittenFiles.npy("|u1", SIX, 2, 3);
    assertThat(Npy.open(file("good", good)).shape()).containsExactly(2L, 3L);
    refused(
        Npy::open,
        Arrays.copyOf(good, good.length - 1),
        "values of shape [2, 3] and type uint8 need 6 bytes after offset 128, the file has 5");
    refused(Npy::open, WrittenFiles.npy("<c8", SIX, 6), "dtype '<c8'; expected " + NpyHeader.TYPES);
    refused(
        Npy::open,
        WrittenFiles.npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3)}", SIX),
        "Fortran order; expected C order (numpy.ascontiguousarray)");
    refused(
        Npy::open,
        WrittenFiles.npy(
            "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,)}", SIX),
        "size '99999999999999999999' in the shape is not a number");
    refused(
        Npy::open,
        WrittenFiles.npy("{'descr': '|u1', 'fortran_order': False, 'shape': ()}", SIX),
        "0 dimensions; expected 1 to 8");
    refused(
        Npy::open,
        WrittenFiles.npy("{'descr': '|u1', 'fortran_order': False}", SIX),
        "the header has no valid shape: {'descr': '|u1', 'fortran_order': False}");
    byte[] version = good.clone();
    version[6] = 9;
    refused(Npy::open, version, "format version 9; expected 1, 2, 3");
    byte[] header = good.clone();
    header[6] = 2;
    header[11] = 0x7F; // with version 2 the length has four bytes
    assertThatThrownBy(() -> Npy.open(file("header.npy", header)))
        .hasMessageMatching(".*: header of \\d+ bytes at offset 8; expected at most 1048576");
  }

  @Test
  void npzEntriesByName() throws IOException {
    byte[] archive =
        WrittenFiles.zip(
            Map.of(
                "imgs.npy", WrittenFiles.npy("|u1", SIX, 6),
                "labels.npy", WrittenFiles.npy("<i4", WrittenFiles.ints(7, 8), 2)));
    Path file = file("x.npz", archive);
    assertThat(Npz.open(file, "imgs").values()).containsExactly(0, 1, 2, 3, 254, 255);
    assertThat(Npz.open(file, "labels").values()).containsExactly(7, 8);
    assertThat(Npz.open(file, "labels").where()).isEqualTo(file + " (array labels)");
    assertThatThrownBy(() -> Npz.open(file, "latents"))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(file + ": no array named latents, it has: ")
        .hasMessageContainingAll("imgs", "labels");
    assertThatThrownBy(() -> Npz.open(folder.resolve("gone.npz"), "x"))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> Npz.open(file("text.npz", new byte[50]), "x"))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(folder.resolve("text.npz") + ": not a ZIP archive: ");
    byte[] damaged = archive.clone();
    damaged[60] ^= 0x55;
    damaged[75] ^= 0x55;
    assertThatThrownBy(
            () -> {
              Path bad = file("damaged.npz", damaged);
              WrittenFiles.bytes(Npz.open(bad, "imgs"));
              WrittenFiles.bytes(Npz.open(bad, "labels"));
            })
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("damaged.npz (array ");
  }

  /** A gigabyte of zeros behind a header of six values. */
  @Test
  void aZipBombIsNotInflated() throws IOException {
    Path bomb = folder.resolve("bomb.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bomb))) {
      zip.putNextEntry(new ZipEntry("imgs.npy"));
      zip.write(WrittenFiles.npy("|u1", SIX, 6));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 1024; i++) {
        zip.write(zeros);
      }
    }
    assertThat(Files.size(bomb)).isLessThan(2_000_000);
    assertThatThrownBy(() -> Npz.open(bomb, "imgs").values())
        .isInstanceOf(FormatException.class)
        .hasMessage(
            bomb
                + " (array imgs): values of shape [6] and type uint8 need 6 bytes after offset 128,"
                + " the file has 1073741830");
  }

  @Test
  void theMemoryOfLabelsIsLimited() throws IOException {
    Path file = folder.resolve("large.npy");
    int values = StoredArray.MAX_VALUES + 1;
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      byte[] header = WrittenFiles.npy("|u1", new byte[0], values);
      channel.write(ByteBuffer.wrap(header));
      channel.write(ByteBuffer.wrap(new byte[1]), header.length + values - 1L); // sparse
    }
    assertThatThrownBy(() -> Npy.open(file).values())
        .hasMessage(file + ": shape [67108865] has 67108865 values, at most 67108864 are read");
  }
}
