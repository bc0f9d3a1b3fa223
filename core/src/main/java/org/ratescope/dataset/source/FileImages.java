package org.ratescope.dataset.source;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ratescope.dataset.ImageStream;
import org.ratescope.dataset.LabelledSplits;
import org.ratescope.dataset.Labels;
import org.ratescope.dataset.Partition;
import org.ratescope.dataset.PixelType;
import org.ratescope.dataset.SourceFingerprint;
import org.ratescope.dataset.StreamedSource;
import org.ratescope.spec.Split;
import org.ratescope.spec.data.CustomImages;
import org.ratescope.spec.data.DataSpec;

/**
 * Images that are read from files, with their labels.
 *
 * @param spec which images these are
 * @param origin which files
 * @param stored how the file holds the images, where the user chose it
 * @param pixels how kept images hold a value
 * @param labels the rows' labels
 * @param splits the splits
 * @param notes what a person should know of the files
 * @param opener opens the files for one pass
 */
record FileImages(
    DataSpec spec,
    SourceFingerprint origin,
    Optional<String> stored,
    PixelType pixels,
    Labels labels,
    LabelledSplits splits,
    Map<String, String> notes,
    Opener opener)
    implements StreamedSource {

  /** The images of a data set that is known by its name. */
  static FileImages named(
      DataSpec spec,
      SourceFingerprint origin,
      PixelType pixels,
      Labels labels,
      LabelledSplits splits,
      Opener opener) {
    return new FileImages(spec, origin, Optional.empty(), pixels, labels, splits, Map.of(), opener);
  }

  /** Raised when conversions change. */
  private static final int VERSION = 1;

  /** Raised when pictures are decoded in another way. */
  private static final int PICTURES_VERSION = 2;

  FileImages {
    notes = Collections.unmodifiableMap(new LinkedHashMap<>(notes));
  }

  /** Opens the files for one pass. */
  interface Opener {
    ImageStream open() throws IOException;
  }

  @Override
  public int version() {
    boolean pictures = spec instanceof CustomImages own && own.kind() == CustomImages.Kind.IMAGES;
    return pictures ? PICTURES_VERSION : VERSION;
  }

  @Override
  public int size() {
    return labels.rows();
  }

  @Override
  public List<String> factorNames() {
    return labels.names();
  }

  @Override
  public double[] factors(int row) {
    return labels.of(row);
  }

  @Override
  public String factorText(int factor, double value) {
    return labels.text(factor, value);
  }

  @Override
  public Partition partition(Split split) {
    return splits.partition(split);
  }

  @Override
  public ImageStream open() throws IOException {
    return opener.open();
  }
}
