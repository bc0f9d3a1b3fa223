package org.ratescope.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ratescope.study.DataSpec;
import org.ratescope.study.Split;

/**
 * Where images come from: rows with generating factors (or classes), the splits defined on them,
 * and how the images are made. Safe to use from many threads. Images are looked up in an {@link
 * ImageSet}, which keeps what a source made. There is one implementation for each data set.
 */
public sealed interface ImageSource permits RenderedSource, StreamedSource {

  /** The note that says how many files were not read, and which. */
  String SKIPPED = "skipped";

  /** Which images these are. */
  DataSpec spec();

  /**
   * Raised when the images of an unchanged {@link #spec} change, so that kept ones are not used.
   */
  int version();

  /** Which files the images are read from; {@link Origin#COMPUTED} if from none. */
  Origin origin();

  /** How the file holds the images, and which value is white, where the user chose the file. */
  default Optional<String> stored() {
    return Optional.empty();
  }

  /** How kept images hold a value. */
  PixelType pixels();

  /** Number of rows. */
  int size();

  /** Names of a label's columns; none if nothing is known. */
  List<String> factorNames();

  /** A row's label, one value for each of {@link #factorNames}, in a fresh array. */
  double[] factors(int row);

  /** What a value of a factor is called: the text that it stands for, or the number. */
  default String factorText(int factor, double value) {
    return Labels.text(value);
  }

  /**
   * The rows of a split.
   *
   * @throws IllegalArgumentException if the split cannot be drawn from this data, saying why
   */
  Partition partition(Split split);

  /** What a person should know of the files, a sentence under each name; nothing by default. */
  default Map<String, String> notes() {
    return Map.of();
  }

  /**
   * SHA-256, in hexadecimal, of the rows' labels as one stream of little-endian float64; a value
   * that stands for a text is followed by that text in UTF-8 and a zero byte.
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
