package org.ratescope.dataset.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ratescope.dataset.ImageSource;
import org.ratescope.dataset.LabelledSplits;
import org.ratescope.dataset.Labels;
import org.ratescope.dataset.PixelType;
import org.ratescope.dataset.SourceFingerprint;
import org.ratescope.dataset.download.DatasetFolder;
import org.ratescope.dataset.format.BinaryMatrix;
import org.ratescope.dataset.format.DType;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.dataset.format.StoredArray;
import org.ratescope.dataset.source.Conversion.Form;
import org.ratescope.spec.data.CustomImages.Fit;
import org.ratescope.spec.data.SmallNorb;
import org.ratescope.spec.data.SmallNorb.Camera;

/** The six binary matrix files of SmallNORB. */
final class SmallNorbFiles {
  private static final List<String> PARTS =
      List.of(
          "smallnorb-5x46789x9x18x6x2x96x96-training-",
          "smallnorb-5x01235x9x18x6x2x96x96-testing-");
  private static final int SIDE = SmallNorb.FULL_RESOLUTION;
  private static final int CAMERAS = 2;

  private SmallNorbFiles() {}

  static ImageSource source(SmallNorb spec, Path datasets) throws IOException {
    DatasetFolder folder = DatasetFolder.of(datasets, spec.name());
    List<Path> files = new ArrayList<>();
    List<StoredArray> images = new ArrayList<>();
    List<double[]> labels = new ArrayList<>();
    int trainRows = 0;
    for (String part : PARTS) {
      Path dat = folder.file(part + "dat.mat");
      Path cat = folder.file(part + "cat.mat");
      Path info = folder.file(part + "info.mat");
      files.addAll(List.of(dat, cat, info));
      images.add(images(dat));
      labels.addAll(labels(cat, info, images.getLast().size(0), spec.camera()));
      trainRows = trainRows == 0 ? labels.size() : trainRows;
    }
    Labels known = known(labels, spec.camera());
    boolean both = spec.camera() == Camera.BOTH;
    ArrayStream.Pictures pictures =
        new ArrayStream.Pictures(
            images,
            known.rows(),
            new Form(1, SIDE, SIDE, true),
            both ? 1 : CAMERAS,
            spec.camera() == Camera.SECOND ? 1 : 0,
            255,
            new Conversion(1, spec.height(), spec.width(), Fit.SAME, PixelType.UINT8));
    return FileImages.named(
        spec,
        SourceFingerprint.of("", datasets, files),
        PixelType.UINT8,
        known,
        LabelledSplits.inParts(spec.name(), known, trainRows),
        pictures::open);
  }

  private static StoredArray images(Path file) throws IOException {
    StoredArray array = BinaryMatrix.open(file);
    FormatException.require(
        array.element() == DType.UINT8
            && array
                .shape()
                .equals(List.of(array.size(0), (long) CAMERAS, (long) SIDE, (long) SIDE)),
        array.where(),
        "%s of shape %s; expected uint8 of shape [N, 2, 96, 96]"
            .formatted(array.element().text(), array.shape()));
    return array;
  }

  /** Class, instance, elevation, azimuth, lighting and camera of each row. */
  private static List<double[]> labels(Path cat, Path info, long pairs, Camera camera)
      throws IOException {
    double[] classes = values(cat, List.of(pairs));
    double[] rest = values(info, List.of(pairs, 4L));
    List<double[]> labels = new ArrayList<>();
    for (int n = 0; n < pairs; n++) {
      for (int c = 0; c < CAMERAS; c++) {
        if (camera == Camera.BOTH || (camera == Camera.SECOND) == (c == 1)) {
          labels.add(
              new double[] {
                classes[n], rest[4 * n], rest[4 * n + 1], rest[4 * n + 2], rest[4 * n + 3], c
              });
        }
      }
    }
    return labels;
  }

  private static double[] values(Path file, List<Long> shape) throws IOException {
    StoredArray array = BinaryMatrix.open(file);
    FormatException.require(
        array.element() == DType.INT32 && array.shape().equals(shape),
        array.where(),
        "%s of shape %s; expected int32 of shape %s"
            .formatted(array.element().text(), array.shape(), shape));
    return array.values();
  }

  private static Labels known(List<double[]> labels, Camera camera) {
    List<String> names =
        List.of(Labels.CLASS, "instance", "elevation", "azimuth", "lighting", "camera");
    int factors = camera == Camera.BOTH ? names.size() : names.size() - 1;
    double[] table = new double[labels.size() * factors];
    for (int row = 0; row < labels.size(); row++) {
      System.arraycopy(labels.get(row), 0, table, row * factors, factors);
    }
    return Labels.of(names.subList(0, factors), table);
  }
}
