package org.ratescope.cli.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.format.PngWriter;
import org.ratescope.estimate.detail.SplitDifficulty;
import org.ratescope.estimate.detail.SplitDifficulty.Neighbour;
import org.ratescope.figure.FigureException;
import org.ratescope.figure.NeighbourFigure;
import org.ratescope.io.AtomicFile;
import org.ratescope.spec.Split;
import org.ratescope.spec.data.DataSpec;

/** The picture of {@code data describe}: passes computed values to the drawing code. */
final class DifficultyPicture {
  private static final int PAIRS = 4;

  private DifficultyPicture() {}

  static void write(ImageSet images, Split split, SplitDifficulty difficulty, Path file)
      throws IOException {
    try {
      AtomicFile.write(file, figure(images, split, difficulty).png());
    } catch (FigureException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static NeighbourFigure figure(ImageSet images, Split split, SplitDifficulty difficulty) {
    List<Neighbour> found = difficulty.neighbours();
    int pairs = Math.min(PAIRS, found.size());
    int last = found.size() - pairs;
    return new NeighbourFigure(
        images.spec().text() + "   " + split.text(),
        String.format(
            Locale.ROOT,
            "%,d of %,d test images, each with the nearest of %,d training images",
            found.size(),
            difficulty.testImages(),
            difficulty.trainImages()),
        List.of(
            pairs(images, found.subList(0, pairs)),
            pairs(images, found.subList((last + 1) / 2, (last + 1) / 2 + pairs)),
            pairs(images, found.subList(last, found.size()))),
        found.stream().map(Neighbour::distance).toList(),
        difficulty.nearest().value(),
        difficulty.random().value());
  }

  private static List<NeighbourFigure.Pair> pairs(ImageSet images, List<Neighbour> neighbours) {
    return neighbours.stream()
        .map(
            n ->
                new NeighbourFigure.Pair(
                    uri(images, n.row()), uri(images, n.nearest()), n.distance()))
        .toList();
  }

  private static String uri(ImageSet images, int row) {
    DataSpec spec = images.spec();
    return PngWriter.dataUri(images.image(row), spec.channels(), spec.height(), spec.width());
  }
}
