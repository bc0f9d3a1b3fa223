package org.ratescope.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.ratescope.io.Sha256;
import org.ratescope.spec.Split;
import org.ratescope.spec.data.DataSpec;

/**
 * All images of a data set, stored in a file and mapped into memory. Rows are numbered as in the
 * {@link ImageSource}. Safe to read from many threads; nothing to close.
 */
public final class ImageSet {
  private static final int WINDOW = 1 << 30;

  private final ImageSource source;
  private final Path file;
  private final String sha256;
  private final List<Integer> crc32c;
  private final int rowsPerWindow;
  private final List<ByteBuffer> windows;

  private ImageSet(
      ImageSource source,
      Path file,
      String sha256,
      List<Integer> crc32c,
      int rowsPerWindow,
      List<ByteBuffer> windows) {
    this.source = source;
    this.file = file;
    this.sha256 = sha256;
    this.crc32c = List.copyOf(crc32c);
    this.rowsPerWindow = rowsPerWindow;
    this.windows = windows;
  }

  /**
   * Maps a verified file, in windows of at most a gibibyte, since the size of a Java buffer is
   * limited.
   *
   * @param sha256 of the file
   * @param crc32c checksums of its chunks, for {@code ImageStore}
   */
  public static ImageSet map(ImageSource source, Path file, String sha256, List<Integer> crc32c)
      throws IOException {
    int imageBytes = source.imageBytes();
    int rowsPerWindow = WINDOW / imageBytes;
    List<ByteBuffer> windows = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (int row = 0; row < source.size(); row += rowsPerWindow) {
        int rows = Math.min(rowsPerWindow, source.size() - row);
        windows.add(
            channel
                .map(
                    FileChannel.MapMode.READ_ONLY,
                    (long) row * imageBytes,
                    (long) rows * imageBytes)
                .order(ByteOrder.LITTLE_ENDIAN));
      }
    }
    return new ImageSet(source, file, sha256, crc32c, rowsPerWindow, List.copyOf(windows));
  }

  /** The data set of these images. */
  public DataSpec spec() {
    return source.spec();
  }

  /** Labels, splits and names. */
  public ImageSource source() {
    return source;
  }

  /** How the {@link #file} stores a value. */
  public PixelType pixels() {
    return source.pixels();
  }

  /** Number of images. */
  public int size() {
    return source.size();
  }

  /**
   * The raw file: {@code [size, dimensions]} values of the {@link #pixels} type, each image as
   * planes of rows. Callers must not change it.
   */
  public Path file() {
    return file;
  }

  /** SHA-256 of the raw file, in hexadecimal. */
  public String sha256() {
    return sha256;
  }

  /** CRC-32C of each chunk of the raw file, as it was when the images were opened. */
  public List<Integer> crc32c() {
    return crc32c;
  }

  /** CRC-32C of the images of these rows as they are in memory now. */
  public int crc32c(int first, int rows) {
    CRC32C crc = new CRC32C();
    for (int row = first; row < first + rows; row++) {
      crc.update(kept(row));
    }
    return (int) crc.getValue();
  }

  /** The rows of a split; see {@link ImageSource#partition}. */
  public Partition partition(Split split) {
    return source.partition(split);
  }

  /**
   * Copies the image of a row.
   *
   * @param chw receives it; its length is {@code spec().dimensions()}
   */
  public void read(int row, float[] chw) {
    Objects.checkIndex(row, size());
    if (chw.length != spec().dimensions()) {
      throw new IllegalArgumentException(
          "image must hold %d values; got %d".formatted(spec().dimensions(), chw.length));
    }
    source.pixels().read(kept(row), chw);
  }

  /** The image of a row in its stored form. */
  private ByteBuffer kept(int row) {
    int imageBytes = source.imageBytes();
    return windows
        .get(row / rowsPerWindow)
        .slice(row % rowsPerWindow * imageBytes, imageBytes)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The image of a row as the {@link #file} stores it, in a new array. */
  public byte[] stored(int row) {
    Objects.checkIndex(row, size());
    byte[] bytes = new byte[source.imageBytes()];
    kept(row).get(bytes);
    return bytes;
  }

  /** The image of a row in a new array. */
  public float[] image(int row) {
    float[] chw = new float[spec().dimensions()];
    read(row, chw);
    return chw;
  }

  /** SHA-256, in hexadecimal, of the stored images of these rows as one stream. */
  public String sha256(int[] rows) {
    MessageDigest digest = Sha256.start();
    for (int row : rows) {
      Objects.checkIndex(row, size());
      digest.update(kept(row));
    }
    return Sha256.hex(digest);
  }
}
