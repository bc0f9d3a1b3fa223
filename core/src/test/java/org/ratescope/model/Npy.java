package org.ratescope.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the golden arrays: NPY version 1.0, little-endian, C order, f4, f8 or i8. */
public final class Npy {
  private Npy() {}

  public static double[] read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int headerLength = bytes.getShort(8);
    String header = new String(bytes.array(), 10, headerLength, StandardCharsets.US_ASCII);
    bytes.position(10 + headerLength);
    boolean single = header.contains("<f4");
    boolean whole = header.contains("<i8");
    if (!single && !whole && !header.contains("<f8")) {
      throw new IOException(file + ": " + header);
    }
    double[] values = new double[bytes.remaining() / (single ? 4 : 8)];
    for (int i = 0; i < values.length; i++) {
      values[i] = single ? bytes.getFloat() : whole ? bytes.getLong() : bytes.getDouble();
    }
    return values;
  }
}
