package org.ratescope.dataset.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.ratescope.dataset.ImageSource;
import org.ratescope.dataset.LabelledSplits;
import org.ratescope.dataset.Labels;
import org.ratescope.dataset.PixelType;
import org.ratescope.dataset.SourceFingerprint;
import org.ratescope.dataset.download.DatasetFolder;
import org.ratescope.dataset.format.DType;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.dataset.format.Idx;
import org.ratescope.dataset.format.StoredArray;
import org.ratescope.dataset.source.Conversion.Form;
import org.ratescope.spec.data.CustomImages.Fit;
import org.ratescope.spec.data.Mnist;

/** The four IDX files of MNIST and of Fashion-MNIST. */
final class MnistFiles {
  private static final int CLASSES = 10;

  private MnistFiles() {}

  static ImageSource source(Mnist spec, Path datasets) throws IOException {
    DatasetFolder folder = DatasetFolder.of(datasets, spec.name());
    List<Path> files = new ArrayList<>();
    List<StoredArray> images = new ArrayList<>();
    DoubleStream labels = DoubleStream.empty();
    int trainRows = 0;
    for (String part : List.of("train", "t10k")) {
      Path imageFile = folder.file(part + "-images-idx3-ubyte");
      Path labelFile = folder.file(part + "-labels-idx1-ubyte");
      files.addAll(List.of(imageFile, labelFile));
      StoredArray array = images(imageFile, spec);
      images.add(array);
      trainRows = part.equals("train") ? (int) array.size(0) : trainRows;
      labels = DoubleStream.concat(labels, DoubleStream.of(labels(labelFile, array)));
    }
    Labels known = Labels.of(List.of(Labels.CLASS), labels.toArray());
    Conversion conversion =
        new Conversion(1, spec.height(), spec.width(), Fit.SAME, PixelType.UINT8);
    ArrayStream.Pictures pictures =
        new ArrayStream.Pictures(
            images,
            known.rows(),
            new Form(1, spec.height(), spec.width(), true),
            1,
            0,
            255,
            conversion);
    return FileImages.named(
        spec,
        SourceFingerprint.of("", datasets, files),
        PixelType.UINT8,
        known,
        LabelledSplits.inParts(spec.name(), known, trainRows),
        pictures::open);
  }

  private static StoredArray images(Path file, Mnist spec) throws IOException {
    StoredArray array = Idx.open(file);
    FormatException.require(
        array.element() == DType.UINT8
            && array.shape().size() == 3
            && array.size(1) == spec.height()
            && array.size(2) == spec.width(),
        array.where(),
        "%s of shape %s; expected uint8 of shape [N, 28, 28]"
            .formatted(array.element().text(), array.shape()));
    return array;
  }

  private static double[] labels(Path file, StoredArray images) throws IOException {
    StoredArray array = Idx.open(file);
    FormatException.require(
        array.shape().equals(List.of(images.size(0))),
        array.where(),
        "labels of shape %s; expected [%d], as many as images"
            .formatted(array.shape(), images.size(0)));
    double[] labels = array.values();
    for (int row = 0; row < labels.length; row++) {
      FormatException.require(
          labels[row] >= 0 && labels[row] < CLASSES,
          array.where(),
          String.format(Locale.ROOT, "label %.0f of image %s; expected 0 to 9", labels[row], row));
    }
    return labels;
  }
}
