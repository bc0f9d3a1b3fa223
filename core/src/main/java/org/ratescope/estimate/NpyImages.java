package org.ratescope.estimate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.ratescope.format.ArrayReader;
import org.ratescope.format.Element;
import org.ratescope.format.FormatException;
import org.ratescope.format.Npy;
import org.ratescope.format.StoredArray;
import org.ratescope.torch.Host;
import org.ratescope.vae.ImageShape;

/**
 * Images in a NumPy {@code .npy} file: [N, D] or [N, C, H, W], C order, float32 in [0, 1] or uint8,
 * which is divided by 255. Anything else is refused with the file's name and the place in it.
 *
 * @param array the array
 * @param size N, number of images
 * @param dimensions D, values of an image
 */
record NpyImages(StoredArray array, int size, int dimensions) {

  /**
   * Reads the header.
   *
   * @throws IOException if the file is not such an array, or not as long as its header says
   */
  static NpyImages open(Path file) throws IOException {
    StoredArray array = Npy.open(file);
    List<Long> shape = array.shape();
    FormatException.require(
        array.element() == Element.FLOAT32 || array.element() == Element.UINT8,
        array.where(),
        "dtype %s, allowed: float32 or uint8".formatted(array.element().text()));
    FormatException.require(
        shape.size() == 2 || shape.size() == 4,
        array.where(),
        "shape %s, allowed: [N, D], [N, C, H, W]".formatted(shape));
    FormatException.require(
        shape.getFirst() <= Integer.MAX_VALUE
            && array.count(1) * array.element().bytes() <= Integer.MAX_VALUE,
        array.where(),
        "shape %s is too large".formatted(shape));
    return new NpyImages(array, (int) (long) shape.getFirst(), (int) array.count(1));
  }

  /** Planes, rows and columns, unless the file is [N, D]. */
  Optional<ImageShape> shape() {
    List<Long> shape = array.shape();
    return shape.size() == 4
        ? Optional.of(
            new ImageShape(
                shape.get(1).intValue(), shape.get(2).intValue(), shape.get(3).intValue()))
        : Optional.empty();
  }

  /**
   * Reads all images into a float32 tensor [N, D].
   *
   * @throws IOException if a value is not in [0, 1], naming its place
   */
  void read(Tensor into) throws IOException {
    byte[] raw = new byte[dimensions * array.element().bytes()];
    float[] image = new float[dimensions];
    try (ArrayReader reader = array.open()) {
      for (int n = 0; n < size; n++) {
        reader.read(raw, 0, raw.length);
        values(raw, n, image);
        try (PointerScope scope = new PointerScope()) {
          Host.write(image, into.select(0, n));
        }
      }
    }
  }

  private void values(byte[] raw, int n, float[] image) throws FormatException {
    ByteBuffer bytes = ByteBuffer.wrap(raw).order(array.order());
    boolean eightBit = array.element() == Element.UINT8;
    for (int j = 0; j < dimensions; j++) {
      image[j] = (float) array.element().get(bytes);
      image[j] = eightBit ? image[j] / 255f : image[j];
      if (!(image[j] >= 0 && image[j] <= 1)) {
        throw new FormatException(
            array.where(),
            "value %s at %s (image %d, value %d), required: 0 to 1"
                .formatted(image[j], array.place((long) n * dimensions + j), n, j));
      }
    }
  }
}
