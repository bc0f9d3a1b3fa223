package org.ratescope.dataset.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.ratescope.dataset.ImageSource;
import org.ratescope.dataset.LabelledSplits;
import org.ratescope.dataset.Labels;
import org.ratescope.dataset.PixelType;
import org.ratescope.dataset.SourceFingerprint;
import org.ratescope.dataset.download.DatasetFolder;
import org.ratescope.dataset.format.DType;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.dataset.format.StoredArray;
import org.ratescope.dataset.hdf5.Hdf5;
import org.ratescope.dataset.source.Conversion.Form;
import org.ratescope.spec.data.CustomImages.Fit;
import org.ratescope.spec.data.Shapes3d;

/** The HDF5 file of 3dShapes. */
final class Shapes3dFiles {
  private static final List<String> FACTORS =
      List.of("floor-hue", "wall-hue", "object-hue", "scale", "shape", "orientation");
  private static final int SIDE = Shapes3d.FULL_RESOLUTION;

  private Shapes3dFiles() {}

  static ImageSource source(Shapes3d spec, Path datasets) throws IOException {
    Path file = DatasetFolder.of(datasets, spec.name()).file("3dshapes.h5");
    StoredArray images = Hdf5.open(file, "images");
    FormatException.require(
        images.element() == DType.UINT8
            && images.shape().equals(List.of(images.size(0), (long) SIDE, (long) SIDE, 3L)),
        images.where(),
        "%s of shape %s; expected uint8 of shape [N, 64, 64, 3]"
            .formatted(images.element().text(), images.shape()));
    StoredArray table = Hdf5.open(file, "labels");
    FormatException.require(
        table.shape().equals(List.of(images.size(0), (long) FACTORS.size())),
        table.where(),
        "labels of shape %s; expected [%d, 6], a row for each image"
            .formatted(table.shape(), images.size(0)));
    Labels labels = LabelTable.numbers(table, FACTORS);
    ArrayStream.Pictures pictures =
        new ArrayStream.Pictures(
            List.of(images),
            labels.rows(),
            new Form(3, SIDE, SIDE, true),
            1,
            0,
            255,
            new Conversion(3, spec.height(), spec.width(), Fit.SAME, PixelType.UINT8));
    return FileImages.named(
        spec,
        SourceFingerprint.of("", datasets, List.of(file)),
        PixelType.UINT8,
        labels,
        LabelledSplits.of(spec.name(), labels),
        pictures::open);
  }
}
