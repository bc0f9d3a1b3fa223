package org.ratescope.estimate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Tensor;
import org.ratescope.torch.Host;
import org.ratescope.vae.ImageShape;

/**
 * Images in a NumPy {@code .npy} file: [N, D] or [N, C, H, W], C order, float32 in [0, 1] or uint8,
 * which is divided by 255. Anything else is refused with the file's name and the place in it.
 */
final class NpyImages {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int HEADER_LIMIT = 1 << 20;
  private static final Pattern TYPE = Pattern.compile("'descr':\\s*'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([0-9, ]*)\\)");

  private final Path file;
  private final boolean bytes;
  private final long start;
  private final int size;
  private final int dimensions;
  private final Optional<ImageShape> shape;

  private NpyImages(
      Path file, boolean bytes, long start, int size, int dimensions, Optional<ImageShape> shape) {
    this.file = file;
    this.bytes = bytes;
    this.start = start;
    this.size = size;
    this.dimensions = dimensions;
    this.shape = shape;
  }

  /**
   * Reads the header.
   *
   * @throws IOException if the file is not such an array, or not as long as its header says
   */
  static NpyImages open(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer intro = read(in, file, 0, 10);
      for (int i = 0; i < MAGIC.length; i++) {
        require(
            intro.get(i) == MAGIC[i],
            file,
            "no .npy file: the magic bytes at offset 0 are missing");
      }
      int major = intro.get(6);
      require(
          major >= 1 && major <= 3, file, "format version %d, allowed: 1, 2, 3".formatted(major));
      int lengthBytes = major == 1 ? 2 : 4;
      ByteBuffer length = read(in, file, 8, lengthBytes);
      long headerLength = major == 1 ? length.getShort() & 0xFFFF : length.getInt() & 0xFFFFFFFFL;
      require(
          headerLength <= HEADER_LIMIT,
          file,
          "header of %d bytes at offset 8".formatted(headerLength));
      long start = 8 + lengthBytes + headerLength;
      ByteBuffer header = read(in, file, 8 + lengthBytes, (int) headerLength);
      String text = StandardCharsets.ISO_8859_1.decode(header).toString();
      return parse(file, text, start, in.size());
    }
  }

  private static NpyImages parse(Path file, String header, long start, long fileSize)
      throws IOException {
    String type = field(file, header, TYPE, "descr");
    require(
        type.equals("<f4") || type.equals("|u1"),
        file,
        "dtype '%s', allowed: float32 ('<f4') or uint8 ('|u1')".formatted(type));
    require(
        field(file, header, ORDER, "fortran_order").equals("False"),
        file,
        "Fortran order, required: C order (numpy.ascontiguousarray)");
    List<Long> shape = new ArrayList<>();
    for (String part : field(file, header, SHAPE, "shape").split(",", -1)) {
      if (!part.isBlank()) {
        shape.add(number(file, part.strip()));
      }
    }
    require(
        shape.size() == 2 || shape.size() == 4,
        file,
        "shape %s, allowed: [N, D], [N, C, H, W]".formatted(shape));
    require(shape.stream().allMatch(s -> s > 0), file, "shape %s holds no images".formatted(shape));
    long dimensions = 1;
    for (long s : shape.subList(1, shape.size())) {
      dimensions = Math.min(dimensions * s, Integer.MAX_VALUE + 1L);
    }
    require(
        dimensions <= Integer.MAX_VALUE && shape.getFirst() <= Integer.MAX_VALUE,
        file,
        "shape %s is too large".formatted(shape));
    boolean bytes = type.equals("|u1");
    long wanted = shape.getFirst() * dimensions * (bytes ? 1 : Float.BYTES);
    require(
        fileSize - start == wanted,
        file,
        "values of shape %s need %d bytes after offset %d, the file has %d"
            .formatted(shape, wanted, start, fileSize - start));
    return new NpyImages(
        file, bytes, start, (int) (long) shape.getFirst(), (int) dimensions, imageShape(shape));
  }

  private static Optional<ImageShape> imageShape(List<Long> shape) {
    return shape.size() == 4
        ? Optional.of(
            new ImageShape(
                shape.get(1).intValue(), shape.get(2).intValue(), shape.get(3).intValue()))
        : Optional.empty();
  }

  private static String field(Path file, String header, Pattern pattern, String name)
      throws IOException {
    Matcher matcher = pattern.matcher(header);
    require(matcher.find(), file, "the header has no valid %s: %s".formatted(name, header.strip()));
    return matcher.group(1);
  }

  private static long number(Path file, String text) throws IOException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException("%s: size '%s' in the shape is no number".formatted(file, text), e);
    }
  }

  /** N, number of images. */
  int size() {
    return size;
  }

  /** D, values of an image. */
  int dimensions() {
    return dimensions;
  }

  /** Planes, rows and columns, unless the file is [N, D]. */
  Optional<ImageShape> shape() {
    return shape;
  }

  /**
   * Reads all images into a float32 tensor [N, D].
   *
   * @throws IOException if a value is not in [0, 1], naming its place
   */
  void read(Tensor into) throws IOException {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      float[] image = new float[dimensions];
      int width = bytes ? 1 : Float.BYTES;
      for (int n = 0; n < size; n++) {
        long offset = start + (long) n * dimensions * width;
        ByteBuffer values = read(in, file, offset, dimensions * width);
        for (int j = 0; j < dimensions; j++) {
          image[j] = bytes ? (values.get(j) & 0xFF) / 255f : values.getFloat(j * Float.BYTES);
          if (!(image[j] >= 0 && image[j] <= 1)) {
            throw new IOException(
                "%s: value %s at offset %d (image %d, value %d), required: 0 to 1"
                    .formatted(file, image[j], offset + (long) j * width, n, j));
          }
        }
        Host.write(image, into.select(0, n));
      }
    }
  }

  private static ByteBuffer read(FileChannel in, Path file, long offset, int count)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (in.read(buffer, offset + buffer.position()) < 0) {
        throw new IOException("%s: cut short, it ends at offset %d".formatted(file, in.size()));
      }
    }
    return buffer.flip();
  }

  private static void require(boolean condition, Path file, String message) throws IOException {
    if (!condition) {
      throw new IOException(file + ": " + message);
    }
  }
}
