package org.ratescope.source;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.ratescope.data.ImageStream;
import org.ratescope.data.LabelledSplits;
import org.ratescope.data.Labels;
import org.ratescope.data.Origin;
import org.ratescope.data.Partition;
import org.ratescope.data.PixelType;
import org.ratescope.data.StreamedSource;
import org.ratescope.study.DataSpec;
import org.ratescope.study.Split;

/**
 * Images that are read from files, with their labels.
 *
 * @param spec which images these are
 * @param origin which files
 * @param stored how the file holds the images, where the user chose it
 * @param pixels how kept images hold a value
 * @param labels the rows' labels
 * @param splits the splits
 * @param opener opens the files for one pass
 */
record FileImages(
    DataSpec spec,
    Origin origin,
    Optional<String> stored,
    PixelType pixels,
    Labels labels,
    LabelledSplits splits,
    Opener opener)
    implements StreamedSource {

  /** The images of a data set that is known by its name. */
  static FileImages named(
      DataSpec spec,
      Origin origin,
      PixelType pixels,
      Labels labels,
      LabelledSplits splits,
      Opener opener) {
    return new FileImages(spec, origin, Optional.empty(), pixels, labels, splits, opener);
  }

  /** Raised when conversions change. */
  private static final int VERSION = 1;

  /** Opens the files for one pass. */
  interface Opener {
    ImageStream open() throws IOException;
  }

  @Override
  public int version() {
    return VERSION;
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
