package org.ratescope.estimate.gap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.estimate.Cost;
import org.ratescope.estimate.Elbo;
import org.ratescope.estimate.EvaluationData;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.MeanEstimate;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.results.Estimate;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.Subset;

/**
 * The amortisation gap: the evidence lower bound with a posterior that is refitted to each image,
 * the decoder being fixed, less the bound with the encoder's posterior (Cremer, Li and Duvenaud
 * 2018). In nats per example; 0 for an optimal encoder, and in expectation not negative. Both
 * bounds use the same fresh codes, none of the fit's.
 *
 * <p>It splits the generalisation gap (Zhang, Hayes and Barber 2022): train − test bound = (train −
 * test refitted bound, the decoder's part) + (test − train amortisation gap, the encoder's part).
 * The details {@code refittedElbo} and {@code elbo} are of the same images, and the gap is their
 * difference. {@code lastGain} is the part of the gap that the last quarter of the steps gained: if
 * it is not small, the fit has not ended, and the gap is larger.
 *
 * <p>It is expensive, so for some images only. Where a subset has more, the means are regressed on
 * the evidence lower bounds of all ({@link MeanEstimate#regressed}). With one image the standard
 * error is NaN.
 */
public final class AmortizationGap implements ReportingEstimator {
  private static final String NAME = "amortizationGap";
  private static final int IMAGES = 64;
  private static final int FRESH = 64;

  private final PosteriorRefit refit;
  private final int images;
  private final int fresh;

  /** {@code amortizationGap}: 64 images, 200 steps with 8 codes, 64 fresh codes. */
  public AmortizationGap() {
    this(new PosteriorRefit(200, 8, 0.1), IMAGES, FRESH);
  }

  /**
   * With other settings.
   *
   * @param images images of a subset that are used, at least 1
   * @param fresh codes of each image that compare the bounds, at least 1
   */
  AmortizationGap(PosteriorRefit refit, int images, int fresh) {
    this.refit = refit;
    this.images = images;
    this.fresh = fresh;
  }

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  /** A gradient is a pass of the decoder and two back; then the bounds of three posteriors. */
  @Override
  public Cost cost(Cost.Scale scale) {
    double gradients = 1.5 * refit.steps() * refit.samples();
    return Cost.passes(
        Math.min(scale.examples(), images) * (gradients + 0.5 * 3 * fresh) + scale.examples());
  }

  @Override
  public List<Estimate> estimate(
      TrainedModel model, EvaluationData data, Subset subset, long seed, BuildListener listener) {
    Examples examples = data.examples(subset, images);
    Posteriors start = model.posteriors(examples);
    int late = Math.max(1, refit.steps() * 3 / 4);
    List<Posteriors> fitted =
        refit.of(
            model,
            examples,
            start,
            n -> RunRandom.named(seed, NAME, examples.row(n)),
            late == refit.steps() ? List.of(late) : List.of(late, refit.steps()),
            listener);
    double[] bound = elbo(model, examples, start, seed);
    double[] refitted = elbo(model, examples, fitted.getLast(), seed);
    double[] before = elbo(model, examples, fitted.getFirst(), seed);
    Means means = new Means(model, data, examples, seed);
    return List.of(
        means.estimate(NAME, minus(refitted, bound)),
        means.estimate(NAME + ".refittedElbo", refitted),
        means.estimate(NAME + ".elbo", bound),
        means.estimate(NAME + ".lastGain", minus(refitted, before)));
  }

  private double[] elbo(TrainedModel model, Examples examples, Posteriors posteriors, long seed) {
    return PosteriorTerms.of(
            model,
            examples,
            posteriors,
            fresh,
            n -> RunRandom.named(seed, NAME + ".fresh", examples.row(n)))
        .elbo();
  }

  private static double[] minus(double[] a, double[] b) {
    double[] difference = new double[a.length];
    Arrays.setAll(difference, i -> a[i] - b[i]);
    return difference;
  }

  /** Means over all examples of a subset, of values that are known for some of them. */
  private final class Means {
    private final Subset subset;
    private final double[] known;
    private final MeanEstimate all;
    private final String settings;

    Means(TrainedModel model, EvaluationData data, Examples examples, long seed) {
      subset = examples.subset();
      Examples whole = data.examples(subset);
      double[] elbo = Elbo.elbo(model, whole, seed);
      known = Arrays.stream(whole.places(examples)).mapToDouble(place -> elbo[place]).toArray();
      all = MeanEstimate.of(elbo);
      List<String> said = new ArrayList<>();
      said.add(
          String.format(
              Locale.ROOT,
              "Adam on mean and log variance from the encoder's, %d steps with %d new codes",
              refit.steps(),
              refit.samples()));
      said.add(
          String.format(
              Locale.ROOT,
              "learning rate %s of a standard deviation, linearly to 0",
              refit.learningRate()));
      said.add("compared with " + fresh + " fresh codes");
      if (known.length < elbo.length) {
        said.add("regressed on the elbo of %s images".formatted(elbo.length));
      }
      settings = String.join(", ", said);
    }

    Estimate estimate(String name, double[] values) {
      MeanEstimate mean =
          known.length < all.examples()
              ? MeanEstimate.regressed(values, known, all)
              : MeanEstimate.of(values);
      return mean.estimate(name, subset).settings(settings);
    }
  }
}
