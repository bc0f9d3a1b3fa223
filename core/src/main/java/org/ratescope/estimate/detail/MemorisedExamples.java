package org.ratescope.estimate.detail;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.ratescope.dataset.ImageSet;
import org.ratescope.estimate.EvaluationData;
import org.ratescope.estimate.Memorisation;
import org.ratescope.estimate.MemorisationResult;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.InferenceMarginal;
import org.ratescope.estimate.posterior.Neighbours;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.estimate.posterior.Responsibilities;
import org.ratescope.results.ExampleDetails;
import org.ratescope.results.ExampleDetails.Example;
import org.ratescope.results.ExampleDetails.Heavy;
import org.ratescope.results.ExampleDetails.Sheet;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.Tensors;

/**
 * The single test examples over which {@link Memorisation} computes its means, and pictures of some
 * (Figures A5–A7, A10, A11). Examples and pictures are of the same images for all runs of a split.
 */
public final class MemorisedExamples {
  private static final int HEAVIEST = 3;

  /** Number of examples shown regardless of their distance, evenly spread over the sample. */
  static final int SHOWN = 8;

  private record Pick(String name, int example) {}

  private final ImageSet images;
  private final TrainedModel model;
  private final EvaluationData data;
  private final Neighbours neighbours;

  private MemorisedExamples(ImageSet images, TrainedModel model, EvaluationData data) {
    this.images = images;
    this.model = model;
    this.data = data;
    this.neighbours = data.neighbours(Subset.TEST, Memorisation.EXAMPLES);
  }

  /** The details of one model; empty if the test set is empty. */
  public static ExampleDetails of(ImageSet images, TrainedModel model, EvaluationData data) {
    int train = data.train().size();
    if (data.examples(Subset.TEST).size() == 0) {
      return new ExampleDetails(train, List.of(), List.of());
    }
    MemorisedExamples found = new MemorisedExamples(images, model, data);
    return new ExampleDetails(train, found.examples(), found.sheets());
  }

  private List<Example> examples() {
    Examples examples = neighbours.examples();
    List<MemorisationResult> memorised = Memorisation.of(model, data, examples);
    List<Example> rows = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      MemorisationResult m = memorised.get(i);
      rows.add(
          new Example(
              data.index(Subset.TEST, examples.row(i)),
              neighbours.distance(i),
              m.imageToMu(),
              m.reconstructionToImage(),
              m.reconstructionToMu(),
              m.distortionOfImage(),
              m.distortionOfMu(),
              m.perplexity(),
              m.largestWeight(),
              data.index(Subset.TRAIN, m.nearest())));
    }
    return rows;
  }

  private List<Sheet> sheets() {
    InferenceMarginal mixture = InferenceMarginal.of(model.posteriors(data.train()));
    Posteriors posteriors = model.posteriors(neighbours.examples());
    return picks().stream().map(pick -> sheet(pick, mixture, posteriors)).toList();
  }

  private List<Pick> picks() {
    int count = Math.min(SHOWN, neighbours.examples().size());
    List<Pick> picks = new ArrayList<>();
    picks.add(new Pick("easy", neighbours.atQuantile(0.05)));
    picks.add(new Pick("typical", neighbours.atQuantile(0.5)));
    picks.add(new Pick("hard", neighbours.atQuantile(0.95)));
    for (int i = 0; i < count; i++) {
      int example = (int) ((long) i * neighbours.examples().size() / count);
      picks.add(new Pick("example " + (i + 1), example));
    }
    return picks;
  }

  private Sheet sheet(Pick pick, InferenceMarginal mixture, Posteriors posteriors) {
    int offset = pick.example() * posteriors.latentSize();
    Responsibilities weights = Responsibilities.of(mixture.logTerms(posteriors.mean(), offset));
    int row = neighbours.examples().row(pick.example());
    return new Sheet(
        pick.name(),
        data.index(Subset.TEST, row),
        images.source().dataUri(images.image(row)),
        images.source().dataUri(model.reconstruct(neighbours.examples(), pick.example())),
        images.source().dataUri(mu(weights)),
        heaviest(weights.weights()));
  }

  private float[] mu(Responsibilities weights) {
    try (PointerScope scope = new PointerScope()) {
      return Tensors.floats(Memorisation.mean(data.train(), List.of(weights)));
    }
  }

  private List<Heavy> heaviest(double[] weights) {
    return IntStream.range(0, weights.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer n) -> -weights[n]))
        .limit(HEAVIEST)
        .map(
            n ->
                new Heavy(
                    weights[n], n, images.source().dataUri(images.image(data.train().row(n)))))
        .toList();
  }
}
