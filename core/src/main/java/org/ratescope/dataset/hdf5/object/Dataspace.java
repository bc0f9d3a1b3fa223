package org.ratescope.dataset.hdf5.object;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The sizes of an array (section IV.A.2.b).
 *
 * @param shape number of values in each dimension, at least one
 * @param most maximum number in each dimension; {@link Long#MAX_VALUE} if unlimited
 */
public record Dataspace(List<Long> shape, List<Long> most) {
  private static final int MAX_DIMENSIONS = 8;

  public Dataspace {
    shape = List.copyOf(shape);
    most = List.copyOf(most);
  }

  public static Dataspace of(Hdf5File in, ByteBuffer body) throws IOException {
    int version = body.get();
    int rank = body.get();
    boolean bounded = (body.get() & 1) != 0;
    if (!(version == 1 || version == 2) || !(rank >= 1 && rank <= MAX_DIMENSIONS)) {
      throw in.error("%d dimensions; expected 1 to %d".formatted(rank, MAX_DIMENSIONS));
    }
    body.position(version == 1 ? 8 : 4);
    List<Long> shape = new ArrayList<>();
    for (int d = 0; d < rank; d++) {
      long size = in.length(body);
      if (!(size >= 1)) {
        throw in.error("size %d in dimension %d: there are no values".formatted(size, d));
      }
      shape.add(size);
    }
    List<Long> most = new ArrayList<>();
    for (int d = 0; d < rank; d++) {
      long size = bounded ? in.length(body) : shape.get(d);
      boolean open = size == -1 || (in.lengthBytes() == 4 && size == 0xFFFF_FFFFL);
      most.add(open ? Long.MAX_VALUE : size);
      if (!(most.get(d) >= shape.get(d))) {
        throw in.error(
            "size %d in dimension %d; expected at most %d".formatted(shape.get(d), d, size));
      }
    }
    return new Dataspace(shape, most);
  }
}
