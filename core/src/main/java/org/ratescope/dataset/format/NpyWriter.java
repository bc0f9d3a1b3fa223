package org.ratescope.dataset.format;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The header of NumPy's {@code .npy} files, version 1.0: the values follow it, in C order. The
 * header's length is a multiple of 64, so that a mapped array is aligned.
 */
public final class NpyWriter {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int ALIGNMENT = 64;

  private NpyWriter() {}

  /**
   * The header of an array.
   *
   * @param type the name of the type in NumPy, of little-endian values: {@code "|u1"}, {@code
   *     "<i4"}
   * @param shape the length of each axis
   */
  public static byte[] header(String type, List<Long> shape) {
    String axes = shape.stream().map(n -> n + ",").collect(Collectors.joining(" "));
    String text = "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(type, axes);
    int before = MAGIC.length + 2;
    int total = Math.ceilDiv(before + text.length() + 1, ALIGNMENT) * ALIGNMENT;
    byte[] padded =
        (text + " ".repeat(total - before - text.length() - 1) + "\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] header = new byte[total];
    System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
    header[MAGIC.length] = (byte) (padded.length & 0xff);
    header[MAGIC.length + 1] = (byte) (padded.length >> 8);
    System.arraycopy(padded, 0, header, before, padded.length);
    return header;
  }
}
