package org.ratescope.evaluate;

import org.ratescope.spec.Split;
import org.ratescope.spec.data.CustomImages;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.spec.data.StoredImages;
import org.ratescope.spec.text.Wording;

/**
 * Where one half of the data for a model trained elsewhere comes from. Its text form is what the
 * command line says: {@code tetrominoes:cv:0.1}, {@code array:test.npz,key=imgs} or the name of a
 * {@code .npy} file. What a text means is the same as in a study file.
 */
public sealed interface ImagesReference {

  /** The text form, which {@link #parse} reads back, but for where the user's images are. */
  String text();

  /** The half of a named data set's split: its training half for TRAIN, its test half for TEST. */
  record Named(DataSpec data, Split split) implements ImagesReference {
    @Override
    public String text() {
      return data.text() + ":" + split.text();
    }
  }

  /** All images of a folder or array of the user's, converted as a study would. */
  record Whole(CustomImages data) implements ImagesReference {
    @Override
    public String text() {
      return data.text();
    }
  }

  /** All images of an array, in the shape in which its file has them. */
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
   * Reads the text form.
   *
   * @throws IllegalArgumentException naming what came and what is allowed
   */
  static ImagesReference parse(String text) {
    IllegalArgumentException cause = null;
    for (int colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', colon + 1)) {
      try {
        Split split = Split.parse(text.substring(colon + 1));
        return new Named(DataSpec.parse(text.substring(0, colon)), split);
      } catch (IllegalArgumentException e) {
        cause = e; // the data set's own settings may hold the colon
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
