package org.ratescope.dataset.catalogue;

import java.util.List;
import java.util.Optional;
import org.ratescope.spec.data.CustomImages.Colour;
import org.ratescope.spec.data.CustomImages.Layout;

/**
 * How the files of a data set hold its images and labels.
 *
 * @param form the form of the files
 * @param height rows of an image in the files
 * @param width columns of an image in the files
 * @param colour grey or colour
 * @param layout the axes of the images' arrays; with several views [N, VIEWS, H, W]
 * @param type the type of a value, such as {@code uint8}
 * @param white the whole number that is white
 * @param resolutions rows to which square images can be reduced
 * @param views pictures of each thing, 1 or more
 * @param viewName the factor that numbers the views
 * @param factors names of the label columns, in order
 * @param classes number of classes if the first factor is one of 0 to classes − 1; 0 if unknown
 * @param official images of the published training set, which come first; 0 if there is none; the
 *     first of several parts is the training set
 * @param blank the share of zeros among the values, for forecasts
 * @param parts the arrays, whose images follow each other
 */
public record ImageDescription(
    Form form,
    int height,
    int width,
    Colour colour,
    Layout layout,
    String type,
    int white,
    List<Integer> resolutions,
    int views,
    String viewName,
    List<String> factors,
    int classes,
    int official,
    double blank,
    List<Part> parts) {
  public ImageDescription {
    resolutions = List.copyOf(resolutions);
    factors = List.copyOf(factors);
    parts = List.copyOf(parts);
  }

  /** The settings that determine the values and the order of the images, as a text. */
  public String reading() {
    List<ArrayName> arrays = parts.stream().map(Part::images).toList();
    return List.of(form, height, width, colour, layout, type, white, views, arrays).toString();
  }

  /** Forms of files. */
  public enum Form {
    IDX,
    MATRIX,
    NPY,
    NPZ,
    HDF5,
    UNIFONT;

    /** Whether a file has several arrays, each under a key. */
    public boolean hasKeys() {
      return this == NPZ || this == HDF5 || this == UNIFONT;
    }
  }

  /**
   * An array of a set.
   *
   * @param file the file's name in the catalogue
   * @param key its name in the file, for files with several
   */
  public record ArrayName(String file, Optional<String> key) {}

  /**
   * Images and their labels.
   *
   * @param images the images' array
   * @param labels arrays of labels, [N] or [N, COLUMNS], whose columns follow each other
   */
  public record Part(ArrayName images, List<ArrayName> labels) {
    public Part {
      labels = List.copyOf(labels);
    }
  }
}
