package org.ratescope.claim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.ratescope.claim.Claim.Judgement;
import org.ratescope.claim.Evidence.Curve;
import org.ratescope.sql.DisplayNames;
import org.ratescope.sql.QueryException;
import org.ratescope.statistic.CurveMinimum;
import org.ratescope.statistic.NotEnoughRuns;
import org.ratescope.statistic.Restarts;
import org.ratescope.statistic.Series;

/** Claims about Figure 3: depth on dense and on sparse data. */
final class CurveClaims {
  /** A mean that is so many pooled restart standard deviations above another is above it. */
  static final double VISIBLE = CurveMinimum.VISIBLE_ABOVE;

  /** A rank correlation from which on a curve counts as nearly monotonic. */
  static final double NEARLY_MONOTONIC = 0.9;

  private static final double SMALL_GAP = 0.05;
  private static final double PAPER_BEST = 0.1;
  static final String LOG_MARGINALS = "['logMarginalAnnealed', 'logMarginal', 'logMarginalQ']";

  private CurveClaims() {}

  static List<Claim> all() {
    return List.of(
        new Claim(
            "3a",
            "4.4",
            List.of("3"),
            List.of("rd"),
            "On the dense split more depth lowers both rate and distortion, and nothing is memorised.",
            "At no β does the 3-layer MLP have a test rate or distortion that is more than 2 pooled restart standard"
                + " deviations above the 1-layer MLP's, its mean test distortion over β is lower, and its test distortion"
                + " is on average at most 5 % above its training distortion.",
            "Deeper networks need more updates than short profiles give them.",
            CurveClaims::depthHelps),
        new Claim(
            "3b",
            "4.4",
            List.of("3"),
            List.of("rd"),
            "On the sparse split the 1-layer MLP's training distortion falls as β falls, and its test distortion has a"
                + " minimum inside the range of β.",
            "No training mean is more than 2 pooled restart standard deviations above that of a larger β, and the test"
                + " distortion rises by more than 2 of them from its lowest point to the smallest β: twice the spread is"
                + " what restarts alone seldom do.",
            "The left arm of the U comes with long training on few images; short profiles may stop before it.",
            CurveClaims::shallowHasValley),
        new Claim(
            "3c",
            "4.4",
            List.of("3"),
            List.of("rd"),
            "On the sparse split the 3-layer MLP's test distortion falls (nearly) monotonically as β falls.",
            "The rank correlation of β and the mean test distortion is at least 0.9, and the distortion does not rise by"
                + " more than 2 pooled restart standard deviations from its lowest point to the smallest β.",
            "With fewer updates or units the 3-layer network behaves more like a shallow one.",
            CurveClaims::deepIsMonotonic),
        new Claim(
            "3d",
            "4.4, C.4",
            List.of("3", "A13", "A14"),
            List.of("marginal"),
            "On the sparse split the 3-layer MLP's test ELBO and test log marginal likelihood are best at β = 0.1.",
            "For both, no other β has a mean that is more than 2 pooled restart standard deviations above that of"
                + " β = 0.1, and the highest mean is at β = 0.1 for at least one of them.",
            "Where the optimum lies depends on how far training has memorised, and on the β of the grid.",
            CurveClaims::bestAtTenth));
  }

  private static Judgement depthHelps(Evidence evidence) throws NotEnoughRuns, QueryException {
    Curve deep = Curve.mlp(3, "dense", "test");
    Curve shallow = Curve.mlp(1, "dense", "test");
    Series d1 = evidence.ordinary(shallow, "distortion");
    Series d3 = evidence.ordinary(deep, "distortion");
    double worstD = worst(d3, d1);
    double worstR = worst(evidence.ordinary(deep, "rate"), evidence.ordinary(shallow, "rate"));
    Series train = evidence.ordinary(deep.half("train"), "distortion");
    double lower = average(d1.shared(d3), w -> d1.mean(w) - d3.mean(w));
    double gap = average(d3.shared(train), w -> d3.mean(w) / train.mean(w) - 1);
    return new Judgement(
        worstD <= VISIBLE && worstR <= VISIBLE && lower > 0 && gap <= SMALL_GAP,
        String.format(
            Locale.ROOT,
            "3 layers lower the mean test distortion by %.2f nats; most unfavourable β: distortion %.1f, rate %.1f pooled"
                + " restart sd above 1 layer; test %.1f %% above training distortion",
            lower,
            worstD,
            worstR,
            100 * gap));
  }

  /** The largest amount, in standard deviations, by which one series is above another. */
  static double worst(Series upper, Series lower) throws NotEnoughRuns {
    double worst = Double.NEGATIVE_INFINITY;
    for (double weight : upper.shared(lower)) {
      worst =
          Math.max(
              worst,
              upper.deviations(upper.at(weight).orElseThrow(), lower.at(weight).orElseThrow()));
    }
    return worst;
  }

  static double average(List<Double> weights, ToDoubleFunction<Double> value) throws NotEnoughRuns {
    if (weights.isEmpty()) {
      throw new NotEnoughRuns("no weight that both curves have");
    }
    return weights.stream().mapToDouble(value).average().orElseThrow();
  }

  private static Judgement shallowHasValley(Evidence evidence)
      throws NotEnoughRuns, QueryException {
    Curve curve = Curve.mlp(1, "sparse", "test");
    double reversal = evidence.ordinary(curve.half("train"), "distortion").reversal();
    CurveMinimum valley = evidence.ordinary(curve, "distortion").valley();
    return new Judgement(
        reversal <= VISIBLE && valley.verdict() == CurveMinimum.Verdict.VISIBLE,
        String.format(
            Locale.ROOT,
            "test distortion %s; largest reversal of the training distortion %.1f pooled restart sd",
            valley.inWords(),
            reversal));
  }

  private static Judgement deepIsMonotonic(Evidence evidence) throws NotEnoughRuns, QueryException {
    return monotonic(evidence.ordinary(Curve.mlp(3, "sparse", "test"), "distortion"));
  }

  static Judgement monotonic(Series series) throws NotEnoughRuns {
    CurveMinimum valley = series.valley();
    double trend = series.trend();
    return new Judgement(
        trend >= NEARLY_MONOTONIC && valley.verdict() != CurveMinimum.Verdict.VISIBLE,
        String.format(
            Locale.ROOT,
            "rank correlation of β and test distortion %.2f; test distortion %s",
            trend,
            valley.inWords()));
  }

  private static Judgement bestAtTenth(Evidence evidence) throws NotEnoughRuns, QueryException {
    Curve curve = Curve.mlp(3, "sparse", "test");
    List<String> numbers = new ArrayList<>();
    boolean near = true;
    boolean best = false;
    List<Series> both =
        List.of(evidence.estimate(curve, "['elbo']"), evidence.estimate(curve, LOG_MARGINALS));
    for (Series series : both) {
      Restarts tenth =
          series
              .at(PAPER_BEST)
              .orElseThrow(() -> new NotEnoughRuns(series.name() + ": no runs at β = 0.1"));
      Restarts highest = series.highest();
      double above = highest.equals(tenth) ? 0 : series.deviations(highest, tenth);
      near &= above <= VISIBLE;
      best |= highest.equals(tenth);
      numbers.add(
          String.format(
              Locale.ROOT,
              "%s best at β = %s (%.2f nats), %.1f pooled restart sd above β = 0.1",
              series.equals(both.getFirst()) ? "ELBO" : "log marginal",
              DisplayNames.number(highest.beta()),
              highest.mean(),
              above));
    }
    return new Judgement(near && best, String.join("; ", numbers));
  }
}
