package org.ratescope.claim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ratescope.claim.Claim.Judgement;
import org.ratescope.claim.Evidence.Curve;
import org.ratescope.sql.QueryException;
import org.ratescope.statistic.NotEnoughRuns;
import org.ratescope.statistic.Polyline;
import org.ratescope.statistic.RankCorrelation;

/** Claims about the size of the training half and about splits (Figures 4 and 5). */
final class SplitClaims {
  private static final int FEWEST_SIZES = 3;
  private static final double CLEAR_TREND = -0.8;

  private SplitClaims() {}

  static List<Claim> all() {
    return List.of(
        new Claim(
            "4a",
            "4.4",
            List.of("4", "A26"),
            List.of("sizes"),
            "On CV splits the discrepancy between 1 and 3 layers grows as the training half shrinks; on CD splits it does"
                + " not.",
            "The discrepancy is the range over β of the 1-layer minus the 3-layer mean test distortion: how differently"
                + " the curves are shaped, wherever they lie. Its rank correlation with the training size is at most"
                + " −0.8 on CV splits, and its slope in log N on CD splits is less than half as steep.",
            "With few β or one restart the range is noisy.",
            SplitClaims::discrepancy),
        new Claim(
            "5",
            "4.4",
            List.of("5"),
            List.of("rd"),
            "The RD curves of the checkerboard and of the sparse CV split are alike.",
            "For 1 and for 3 layers, the mean distance from the checkerboard's points to the sparse split's curve is less"
                + " than half that from the dense split's points to it.",
            "A profile whose sparse split has fewer images than the paper's 16k makes it harder than the checkerboard.",
            SplitClaims::checkerboard));
  }

  private static Judgement discrepancy(Evidence evidence) throws NotEnoughRuns, QueryException {
    double[][] cv = ranges(evidence, "cv");
    double[][] cd = ranges(evidence, "cd");
    double trend = RankCorrelation.correlation(cv[0], cv[1]);
    double cvSlope = RankCorrelation.slope(cv[0], cv[1]);
    double cdSlope = RankCorrelation.slope(cd[0], cd[1]);
    return new Judgement(
        trend <= CLEAR_TREND && cvSlope < 0 && cdSlope > cvSlope / 2,
        String.format(
            Locale.ROOT,
            "CV: rank correlation with size %.2f, slope %.2f nats per e-fold over %d sizes; CD: slope %.2f over %d sizes",
            trend,
            cvSlope,
            cv[0].length,
            cdSlope,
            cd[0].length));
  }

  /** The logarithms of the training sizes of one kind of split, and the discrepancies there. */
  private static double[][] ranges(Evidence evidence, String kind)
      throws NotEnoughRuns, QueryException {
    List<List<Object>> rows =
        evidence.numbers(
            """
            with mean as (
              select split, train, layers, weight, avg(distortion) as d
              from ordinary join split_steps using (set_name, split)
              where kind = '%s' and family = 'MLP' and layers in (1, 3) and half = 'test' and weight > 0
              group by all
            ),
            difference as (
              select s.split, s.train, s.d - t.d as d
              from mean s join mean t on s.split = t.split and s.weight = t.weight and s.layers = 1 and t.layers = 3
            )
            select ln(train), max(d) - min(d) from difference
            group by split, train having count(*) >= 3 order by train
            """
                .formatted(kind));
    if (rows.size() < FEWEST_SIZES) {
      throw new NotEnoughRuns(
          "%s %s splits with both depths, at least %s are needed"
              .formatted(rows.size(), kind.toUpperCase(Locale.ROOT), FEWEST_SIZES));
    }
    return new double[][] {
      rows.stream().mapToDouble(row -> (Double) row.get(0)).toArray(),
      rows.stream().mapToDouble(row -> (Double) row.get(1)).toArray()
    };
  }

  private static Judgement checkerboard(Evidence evidence) throws NotEnoughRuns, QueryException {
    boolean holds = true;
    List<String> numbers = new ArrayList<>();
    for (int layers : List.of(1, 3)) {
      Polyline sparse = curve(evidence, Curve.mlp(layers, "sparse", "test"));
      double board = curve(evidence, Curve.mlp(layers, "checkerboard", "test")).distanceTo(sparse);
      double dense = curve(evidence, Curve.mlp(layers, "dense", "test")).distanceTo(sparse);
      holds &= board < dense / 2;
      numbers.add(
          String.format(
              Locale.ROOT,
              "%d-layer MLP: checkerboard %.2f nats from the sparse curve, dense %.2f",
              layers,
              board,
              dense));
    }
    return new Judgement(holds, String.join("; ", numbers));
  }

  private static Polyline curve(Evidence evidence, Curve curve)
      throws NotEnoughRuns, QueryException {
    return Polyline.of(evidence.ordinary(curve, "rate"), evidence.ordinary(curve, "distortion"));
  }
}
