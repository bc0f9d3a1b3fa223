package org.ratescope.dataset.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * NumPy's {@code .npz} archives: {@code .npy} arrays in a ZIP file, which {@code numpy.load} opens
 * by name. The same arrays give the same bytes.
 */
public final class NpzWriter implements AutoCloseable {
  private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);
  private static final int CHUNK = 1 << 16;

  private final ZipOutputStream zip;

  /** An archive that is written to a file; the caller closes the file. */
  public NpzWriter(FileChannel out) {
    zip = new ZipOutputStream(Channels.newOutputStream(out));
  }

  /** The value with that number, in C order. */
  @FunctionalInterface
  public interface Values {
    double get(long index);
  }

  /** Adds float32 values. */
  public void floats(String name, List<Long> shape, Values values) throws IOException {
    start(name, "<f4", shape);
    write(shape, Float.BYTES, (bytes, i) -> bytes.putFloat((float) values.get(i)));
  }

  /** Adds int32 values. */
  public void integers(String name, int[] values) throws IOException {
    List<Long> shape = List.of((long) values.length);
    start(name, "<i4", shape);
    write(shape, Integer.BYTES, (bytes, i) -> bytes.putInt(values[(int) i]));
  }

  /** Adds texts as NumPy's fixed-width strings. */
  public void texts(String name, List<String> values) throws IOException {
    int width = values.stream().mapToInt(String::length).max().orElse(1);
    List<Long> shape = List.of((long) values.size());
    start(name, "<U" + width, shape);
    write(
        shape,
        Integer.BYTES * width,
        (bytes, i) -> {
          String text = values.get((int) i);
          for (int c = 0; c < width; c++) {
            bytes.putInt(c < text.length() ? text.charAt(c) : 0);
          }
        });
  }

  private void start(String name, String type, List<Long> shape) throws IOException {
    ZipEntry entry = new ZipEntry(name + ".npy");
    entry.setTimeLocal(EPOCH);
    zip.putNextEntry(entry);
    zip.write(NpyWriter.header(type, shape));
  }

  private interface Element {
    void put(ByteBuffer into, long index);
  }

  private void write(List<Long> shape, int size, Element element) throws IOException {
    long count = shape.stream().reduce(1L, Math::multiplyExact);
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK / size * size).order(ByteOrder.LITTLE_ENDIAN);
    for (long i = 0; i < count; i++) {
      element.put(bytes, i);
      if (bytes.remaining() < size || i == count - 1) {
        zip.write(bytes.array(), 0, bytes.position());
        bytes.clear();
      }
    }
    zip.closeEntry();
  }

  /** Writes the archive's directory. */
  @Override
  public void close() throws IOException {
    zip.finish();
    zip.flush();
  }
}
