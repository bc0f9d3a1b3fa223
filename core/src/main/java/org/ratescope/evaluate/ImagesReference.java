package org.ratescope.evaluate;

import org.ratescope.spec.Split;
import org.ratescope.spec.data.CustomImages;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.spec.data.StoredImages;
import org.ratescope.spec.text.Wording;

/**
 * The images of one subset for a model trained elsewhere. Its text form is that of the command
 * line: {@code tetrominoes:cv:0.1}, {@code array:test.npz,key=imgs} or the name of a {@code .npy}
 * file. A text has the same meaning as in a study file.
 */
public sealed interface ImagesReference {

  /** The text form, which {@link #parse} accepts, without the location of the user's images. */
  String text();

  /** A subset of a named data set's split: its training set for TRAIN, its test set for TEST. */
  record Named(DataSpec data, Split split) implements ImagesReference {
    @Override
    public String text() {
      return data.text() + ":" + split.text();
    }
  }

  /** All images of a folder or array of the user's, converted as in a study. */
  record Whole(CustomImages data) implements ImagesReference {
    @Override
    public String text() {
      return data.text();
    }
  }

  /** All images of an array, in the shape in its file. */
  record Stored(StoredImages images) implements ImagesReference {
    @Override
    public String text() {
      return images.text();
    }
  }

  /** What {@link #parse} accepts, for error messages. */
  String ALLOWED =
      "a .npy file ("
          + StoredImages.ALLOWED
          + "); images:FOLDER,size=PIXELS,colour=grey|rgb, and so array: and hdf5:; or a data set"
          + " with a split such as tetrominoes:cv:0.1 (splits: "
          + Split.ALLOWED
          + ")";

  /**
   * Parses the text form.
   *
   * @throws IllegalArgumentException with the text found and the texts expected
   */
  static ImagesReference parse(String text) {
    IllegalArgumentException cause = null;
    for (int colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', colon + 1)) {
      try {
        Split split = Split.parse(text.substring(colon + 1));
        return new Named(DataSpec.parse(text.substring(0, colon)), split);
      } catch (IllegalArgumentException e) {
        cause = e; // the data set's own settings may contain the colon
      }
    }
    try {
      return new Stored(StoredImages.parse(text));
    } catch (IllegalArgumentException e) {
      cause = e;
    }
    try {
      if (DataSpec.parse(text) instanceof CustomImages own) {
        return new Whole(own);
      }
    } catch (IllegalArgumentException e) {
      cause = e;
    }
    throw new IllegalArgumentException(Wording.unexpected(text, ALLOWED), cause);
  }
}
