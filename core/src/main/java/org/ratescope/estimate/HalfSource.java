package org.ratescope.estimate;

import java.nio.file.Path;
import org.ratescope.study.DataSpec;
import org.ratescope.study.Split;

/**
 * Where one half of the data for a model trained elsewhere comes from. Its text form is what the
 * command line says: {@code tetrominoes:cv:0.1} or the name of a {@code .npy} file.
 */
public sealed interface HalfSource {

  /** The text form, which {@link #parse} reads back. */
  String text();

  /** The half of a named data set's split: its training half for TRAIN, its test half for TEST. */
  record Named(DataSpec data, Split split) implements HalfSource {
    @Override
    public String text() {
      return data.text() + ":" + split.text();
    }
  }

  /** All images of a NumPy array file. */
  record ArrayFile(Path file) implements HalfSource {
    @Override
    public String text() {
      return file.toString();
    }
  }

  /** What {@link #parse} accepts, for error messages. */
  String ALLOWED =
      "a .npy file, or a data set with a split such as tetrominoes:cv:0.1 (splits: "
          + Split.ALLOWED
          + ")";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException naming what came and what is allowed
   */
  static HalfSource parse(String text) {
    if (text.endsWith(".npy")) {
      return new ArrayFile(Path.of(text));
    }
    IllegalArgumentException cause = null;
    for (int colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', colon + 1)) {
      try {
        Split split = Split.parse(text.substring(colon + 1));
        return new Named(DataSpec.parse(text.substring(0, colon)), split);
      } catch (IllegalArgumentException e) {
        cause = e; // the data set's own settings may hold the colon
      }
    }
    throw new IllegalArgumentException("came '%s', allowed: %s".formatted(text, ALLOWED), cause);
  }
}
