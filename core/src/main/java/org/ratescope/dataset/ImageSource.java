package org.ratescope.dataset;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ratescope.dataset.format.PngWriter;
import org.ratescope.io.Sha256;
import org.ratescope.spec.Split;
import org.ratescope.spec.data.DataSpec;

/**
 * The source of a data set's images: rows with generating factors (or classes), the splits defined
 * on them, and the method that produces the images. Safe to use from many threads. An {@link
 * ImageSet} stores the images of a source for reading. There is one implementation for each data
 * set.
 */
public sealed interface ImageSource permits RenderedSource, StreamedSource {

  /** The name of the note with the number and kind of the skipped files. */
  String SKIPPED = "skipped";

  /** The data set of these images. */
  DataSpec spec();

  /** An image of this form as the {@code data:} address of a PNG file. */
  default String dataUri(float[] image) {
    DataSpec spec = spec();
    return PngWriter.dataUri(image, spec.channels(), spec.height(), spec.width());
  }

  /**
   * Increases when the images of an unchanged {@link #spec} change, so that cached images are not
   * used.
   */
  int version();

  /**
   * The files from which the images are read; {@link SourceFingerprint#COMPUTED} if there are none.
   */
  SourceFingerprint origin();

  /** How the file stores the images, and which value is white, if the user chose the file. */
  default Optional<String> stored() {
    return Optional.empty();
  }

  /** How cached images store a value. */
  PixelType pixels();

  /** Bytes of one image in its stored form. */
  default int imageBytes() {
    return spec().dimensions() * pixels().bytes();
  }

  /** Number of rows. */
  int size();

  /** Names of the columns of a label; empty if there are no labels. */
  List<String> factorNames();

  /** The label of a row, one value for each of {@link #factorNames}, in a new array. */
  double[] factors(int row);

  /** The name of a value of a factor: the text that it stands for, or the number. */
  default String factorText(int factor, double value) {
    return Labels.text(value);
  }

  /**
   * The rows of a split.
   *
   * @throws IllegalArgumentException if the split is impossible for this data, with the reason
   */
  Partition partition(Split split);

  /** Notes about the files for readers, a sentence under each name; empty by default. */
  default Map<String, String> notes() {
    return Map.of();
  }

  /**
   * SHA-256, in hexadecimal, of the labels of the rows as one stream of little-endian float64; a
   * value that stands for a text is followed by that text in UTF-8 and a zero byte.
   */
  default String labelsSha256(int[] rows) {
    MessageDigest digest = Sha256.start();
    ByteBuffer buffer = ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int row : rows) {
      double[] values = factors(row);
      for (int factor = 0; factor < values.length; factor++) {
        digest.update(buffer.putDouble(0, values[factor]).array());
        String text = factorText(factor, values[factor]);
        if (!text.equals(Labels.text(values[factor]))) {
          digest.update((text + '\0').getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    return Sha256.hex(digest);
  }
}
