package org.ratescope.dataset.tetromino;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/** The authors' generator's output; see README.md beside the files. */
final class Fixtures {
  private Fixtures() {}

  private static byte[] bytes(String name) {
    try (InputStream in = Fixtures.class.getResourceAsStream("tetrominoes/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode manifest() {
    try {
      return new ObjectMapper().readTree(bytes("manifest.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The elements of an NPY file of version 1.0. */
  private static ByteBuffer npy(String name) {
    ByteBuffer file = ByteBuffer.wrap(bytes(name)).order(ByteOrder.LITTLE_ENDIAN);
    int header = Short.toUnsignedInt(file.getShort(8));
    return file.position(10 + header).slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  static double[] doubles(String name) {
    ByteBuffer elements = npy(name);
    double[] values = new double[elements.remaining() / Double.BYTES];
    elements.asDoubleBuffer().get(values);
    return values;
  }

  static float[] floats(String name) {
    ByteBuffer elements = npy(name);
    float[] values = new float[elements.remaining() / Float.BYTES];
    elements.asFloatBuffer().get(values);
    return values;
  }

  static int[] ints(String name) {
    ByteBuffer elements = npy(name);
    int[] values = new int[elements.remaining() / Integer.BYTES];
    elements.asIntBuffer().get(values);
    return values;
  }
}
