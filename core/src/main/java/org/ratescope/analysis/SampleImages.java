package org.ratescope.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.tetromino.Tetrominoes;
import org.ratescope.results.DataAnalysis;
import org.ratescope.results.DataPicture;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.spec.data.DataSpec.Shape;

/**
 * Images drawn at random (Figure 1): {@value #SAMPLES} of the data set and, of the Tetrominoes,
 * {@value #OF_EACH_PIECE} of each of the seven pieces, with the same factors for all pieces.
 */
final class SampleImages {
  static final int SAMPLES = 63;
  static final int OF_EACH_PIECE = 8;
  private static final long SAMPLE = 2;
  private static final long PIECE = 3;

  private SampleImages() {}

  static DataAnalysis.Samples of(ImageSet images) {
    List<DataPicture> pictures = new ArrayList<>();
    int[] rows = RandomRows.drawn(images.size(), SAMPLES, SAMPLE);
    for (int i = 0; i < rows.length; i++) {
      String uri = images.source().dataUri(images.image(rows[i]));
      pictures.add(new DataPicture("sample", i, null, uri));
    }
    if (images.spec() instanceof DataSpec.Tetrominoes spec) {
      pictures.addAll(pieces(spec, RandomRows.drawn(images.size(), OF_EACH_PIECE, PIECE)));
    }
    return new DataAnalysis.Samples(pictures);
  }

  private static List<DataPicture> pieces(DataSpec.Tetrominoes spec, int[] rows) {
    return Arrays.stream(Shape.values())
        .map(shape -> new DataSpec.Tetrominoes(spec.preset(), shape, spec.resolution()))
        .flatMap(piece -> piece(Tetrominoes.of(piece), rows).stream())
        .toList();
  }

  private static List<DataPicture> piece(Tetrominoes pieces, int[] rows) {
    List<DataPicture> pictures = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      float[] image = new float[pieces.spec().dimensions()];
      pieces.render(rows[i], image);
      String uri = pieces.dataUri(image);
      pictures.add(new DataPicture(pieces.spec().shape().name(), i, null, uri));
    }
    return pictures;
  }
}
