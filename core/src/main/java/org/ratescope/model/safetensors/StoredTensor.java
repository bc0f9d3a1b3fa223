package org.ratescope.model.safetensors;

import java.util.List;

/**
 * A tensor as the header of a file declares it.
 *
 * @param name its name
 * @param type its floating-point format
 * @param shape its sizes, outermost axis first; none is negative
 * @param begin offset of its first byte after the header
 * @param end offset after its last byte
 */
public record StoredTensor(String name, FloatType type, List<Long> shape, long begin, long end) {
  public StoredTensor {
    shape = List.copyOf(shape);
  }

  /** The name in a message: in one line and of bounded length, whatever the file says. */
  public String shownName() {
    return HeaderParser.shown(name);
  }

  /** The shape in a message, of bounded length. */
  public String shownShape() {
    return HeaderParser.shown(shape.toString());
  }
}
