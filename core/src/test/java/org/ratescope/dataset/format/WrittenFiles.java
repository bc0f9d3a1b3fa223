package org.ratescope.dataset.format;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/** Writes small files in the formats that Ratescope reads, with independent code. */
public final class WrittenFiles {
  private WrittenFiles() {}

  /** An IDX file. */
  public static byte[] idx(int type, int[] sizes, byte[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * sizes.length + values.length);
    bytes.put(new byte[] {0, 0, (byte) type, (byte) sizes.length});
    for (int size : sizes) {
      bytes.putInt(size);
    }
    return bytes.put(values).array();
  }

  /** An IDX file of unsigned bytes. */
  public static byte[] idx(byte[] values, int... sizes) {
    return idx(8, sizes, values);
  }

  /** A binary matrix; fewer than three sizes are padded. */
  public static byte[] matrix(int magic, int[] sizes, byte[] values) {
    int listed = Math.max(3, sizes.length);
    ByteBuffer bytes = ByteBuffer.allocate(8 + 4 * listed + values.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putInt(magic).putInt(sizes.length);
    for (int i = 0; i < listed; i++) {
      bytes.putInt(i < sizes.length ? sizes[i] : 1);
    }
    return bytes.put(values).array();
  }

  /** A version 1 .npy file. */
  public static byte[] npy(String type, byte[] values, int... shape) {
    String sizes = Arrays.stream(shape).mapToObj(s -> s + ",").collect(Collectors.joining(" "));
    return npy(
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(type, sizes), values);
  }

  /** A version 1 .npy file with that header. */
  public static byte[] npy(String header, byte[] values) {
    return npy(1, header, values);
  }

  /** A .npy file of that version with that header. */
  public static byte[] npy(int version, String header, byte[] values) {
    int before = version == 1 ? 10 : 12;
    String padded = header + " ".repeat(Math.floorMod(-header.length() - before - 1, 64)) + "\n";
    ByteBuffer bytes = ByteBuffer.allocate(before + padded.length() + values.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).put((byte) 0x93).put(ascii("NUMPY"));
    bytes.put((byte) version).put((byte) 0);
    if (version == 1) {
      bytes.putShort((short) padded.length());
    } else {
      bytes.putInt(padded.length());
    }
    return bytes.put(ascii(padded)).put(values).array();
  }

  /** Texts as in NumPy's {@code <U}. */
  public static byte[] utf32(int characters, String... texts) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * characters * texts.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < texts.length; i++) {
      bytes.position(4 * characters * i);
      texts[i].codePoints().forEach(bytes::putInt);
    }
    return bytes.array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A ZIP file of those entries. */
  public static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return bytes.toByteArray();
  }

  /** Those bytes, gzipped. */
  public static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(content);
    }
    return bytes.toByteArray();
  }

  /** A picture file; {@code form} is png or jpg. */
  public static Path picture(Path file, BufferedImage image, String form) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    if (!ImageIO.write(image, form, file.toFile())) {
      throw new IOException("no writer for " + form);
    }
    return file;
  }

  /** A colour picture whose pixels are functions of a number and their position. */
  public static BufferedImage colourful(int seed, int height, int width) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int red = (37 * seed + 11 * x) % 256;
        int green = (101 * seed + 7 * y) % 256;
        int blue = (3 * seed + x * y) % 256;
        image.setRGB(x, y, red << 16 | green << 8 | blue);
      }
    }
    return image;
  }

  /** Little-endian float32 bytes. */
  public static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  /** Little-endian float64 bytes. */
  public static byte[] doubles(double... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    return bytes.array();
  }

  /** Little-endian int32 bytes. */
  public static byte[] ints(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    return bytes.array();
  }

  /** A resource beside this class, as a file. */
  public static Path resource(String name, Path folder) throws IOException {
    return resource(WrittenFiles.class, name, folder);
  }

  /** A resource beside a class, as a file. */
  public static Path resource(Class<?> beside, String name, Path folder) throws IOException {
    try (var in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("no resource " + name);
      }
      return Files.write(folder.resolve(name), in.readAllBytes());
    }
  }

  /** All bytes of an array, read in parts of unequal size. */
  public static byte[] bytes(StoredArray array) throws IOException {
    byte[] all = new byte[(int) (array.count(0) * array.width())];
    try (ArrayReader reader = array.open()) {
      for (int done = 0, piece = 1; done < all.length; piece = piece * 3 % 1001 + 1) {
        int count = Math.min(piece, all.length - done);
        reader.read(all, done, count);
        done += count;
      }
    }
    return all;
  }
}
