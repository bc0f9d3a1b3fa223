package org.ratescope.claim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.ratescope.claim.Claim.Judgement;
import org.ratescope.sql.QueryException;
import org.ratescope.statistic.CurveMinimum;
import org.ratescope.statistic.NotEnoughRuns;
import org.ratescope.statistic.Polyline;
import org.ratescope.statistic.RankCorrelation;
import org.ratescope.statistic.Series;

/** Claims about norms, objectives, early stopping, robustness and likelihoods (appendix C). */
final class VariantClaims {
  private static final double CLEAR = 0.8;
  private static final double NEAR = 0.1;
  private static final double HALF = 0.5;

  private VariantClaims() {}

  static List<Claim> all() {
    return List.of(
        new Claim(
            "A15",
            "C.5",
            List.of("A15"),
            List.of("rd", "cnn"),
            "A larger β gives larger norms of the decoder's weights.",
            "The rank correlation of β and the mean norm is at least 0.8 for every network and split.",
            "Norms grow throughout training; short profiles show their beginning.",
            VariantClaims::norms),
        new Claim(
            "A16",
            "C.6",
            List.of("A16"),
            List.of("objectives"),
            "The RD curve of L_KL lies on that of L_β; that of L_MI is far from both.",
            "On the sparse split, for 1 and 3 layers: the mean distance from L_KL's points to L_β's curve is at most a tenth"
                + " of the distance between that curve's ends, and at most a quarter of L_MI's distance to it.",
            "The mutual information of a batch is bounded by the batch, so small batches weaken L_MI.",
            VariantClaims::objectives),
        new Claim(
            "A17",
            "C.7",
            List.of("A17"),
            List.of("stopping"),
            "Early stopping turns the 1-layer MLP's U on the sparse split into an L.",
            "Without it the test distortion has a visible minimum inside the range of β (claim 3b's threshold), with it"
                + " not.",
            "Where short training leaves no U there is none to mend.",
            VariantClaims::stopping),
        new Claim(
            "A19",
            "C.9",
            List.of("A19", "A27"),
            List.of("rd", "cnn"),
            "Test minus training distortion falls with β for 1 layer and rises with it for 3 layers.",
            "On the sparse split the rank correlation of β and the mean difference is at most −0.8 for the 1-layer MLP and"
                + " at least 0.8 for the 3-layer one; the same for CNNs where there are some.",
            "The 3-layer trend comes from memorisation at large β, which needs long training.",
            VariantClaims::gap),
        new Claim(
            "A23",
            "A.2",
            List.of("A23"),
            List.of("gaussian"),
            "A Gaussian likelihood shows the same trend with 1 layer, and mode collapse with 3.",
            "On the sparse split the 1-layer MLP with the Gaussian likelihood meets claim 3b's threshold for the test"
                + " distortion, and the 3-layer one has on average over β at most half as many active latent dimensions as"
                + " with the Bernoulli likelihood.",
            "A variance of 0.1 weighs the distortion of small pictures less against the rate.",
            VariantClaims::likelihood));
  }

  private static Judgement norms(Evidence evidence) throws NotEnoughRuns, QueryException {
    List<List<Object>> rows =
        evidence.numbers(
            """
            with mean as (
              select layers || '-layer ' || family || ', ' || split_label || variant as curve, weight, avg("value") as norm
              from measured(['decoderNorm']) where objective = 'beta' and half = 'train' and weight > 0
              group by all
            )
            select curve, list(weight order by weight)::varchar, list(norm order by weight)::varchar
            from mean group by curve having count(*) >= 3 order by curve
            """);
    if (rows.isEmpty()) {
      throw new NotEnoughRuns("no network has the norm of its decoder at 3 weights");
    }
    double least = Double.POSITIVE_INFINITY;
    String where = "";
    for (List<Object> row : rows) {
      double trend = RankCorrelation.correlation(list(row.get(1)), list(row.get(2)));
      where = trend < least ? (String) row.get(0) : where;
      least = Math.min(least, trend);
    }
    return new Judgement(
        least >= CLEAR,
        String.format(
            Locale.ROOT,
            "lowest rank correlation of %d networks and splits %.2f (%s)",
            rows.size(),
            least,
            where));
  }

  /** The numbers of a list as the database writes it, {@code [1.0, 2.5]}. */
  private static double[] list(Object text) {
    return Arrays.stream(text.toString().replaceAll("[\\[\\]]", "").split(", ", -1))
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  private static Judgement objectives(Evidence evidence) throws NotEnoughRuns, QueryException {
    boolean holds = true;
    List<String> numbers = new ArrayList<>();
    for (int layers : List.of(1, 3)) {
      Polyline beta = objective(evidence, layers, "beta");
      double kl = objective(evidence, layers, "kl").distanceTo(beta);
      double mi = objective(evidence, layers, "mi").distanceTo(beta);
      double extent = beta.extent();
      holds &= kl <= NEAR * extent && kl <= mi / 4;
      numbers.add(
          String.format(
              Locale.ROOT,
              "%d-layer MLP: L_KL %.2f and L_MI %.2f nats from L_β's curve, whose ends are %.2f apart",
              layers,
              kl,
              mi,
              extent));
    }
    return new Judgement(holds, String.join("; ", numbers));
  }

  private static Polyline objective(Evidence evidence, int layers, String objective)
      throws NotEnoughRuns, QueryException {
    String query =
        """
        select weight, %s from chosen_results join split_roles using (set_name, split)
        where family = 'MLP' and layers = %s and role = 'sparse' and half = 'test' and objective = '%s'
          and likelihood_index = (select min(likelihood_index) from chosen)
          and stopping_index = (select min(stopping_index) from chosen)
        """;
    String name = "%s-layer MLP with objective %s".formatted(layers, objective);
    return Polyline.of(
        evidence.series(name, query.formatted("rate", layers, objective)),
        evidence.series(name, query.formatted("distortion", layers, objective)));
  }

  private static Judgement stopping(Evidence evidence) throws NotEnoughRuns, QueryException {
    CurveMinimum never = stopping(evidence, "all iterations").valley();
    CurveMinimum early = stopping(evidence, "early stopping").valley();
    return new Judgement(
        never.verdict() == CurveMinimum.Verdict.VISIBLE
            && early.verdict() != CurveMinimum.Verdict.VISIBLE,
        "all iterations: %s; early stopping: %s".formatted(never.inWords(), early.inWords()));
  }

  private static Series stopping(Evidence evidence, String label)
      throws NotEnoughRuns, QueryException {
    return evidence.series(
        "distortion of the 1-layer MLP with " + label,
        """
        select weight, distortion from chosen_results join split_roles using (set_name, split)
        where family = 'MLP' and layers = 1 and role = 'sparse' and half = 'test' and objective = 'beta'
          and stopping_label = '%s' and likelihood_index = (select min(likelihood_index) from chosen)
        """
            .formatted(label));
  }

  private static Judgement gap(Evidence evidence) throws NotEnoughRuns, QueryException {
    double shallow = gap(evidence, "MLP", 1).trend();
    double deep = gap(evidence, "MLP", 3).trend();
    boolean holds = shallow <= -CLEAR && deep >= CLEAR;
    String numbers =
        String.format(
            Locale.ROOT,
            "rank correlation %.2f for the 1-layer MLP, %.2f for 3 layers",
            shallow,
            deep);
    if (evidence.numbers("select 1 from chosen where family = 'CNN' limit 1").isEmpty()) {
      return new Judgement(holds, numbers + "; no CNNs");
    }
    double shallowCnn = gap(evidence, "CNN", 1).trend();
    double deepCnn = gap(evidence, "CNN", 3).trend();
    return new Judgement(
        holds && shallowCnn <= -CLEAR && deepCnn >= CLEAR,
        numbers + String.format(Locale.ROOT, "; CNNs %.2f and %.2f", shallowCnn, deepCnn));
  }

  private static Series gap(Evidence evidence, String family, int layers)
      throws NotEnoughRuns, QueryException {
    return evidence.series(
        "test minus training distortion of the %s-layer %s".formatted(layers, family),
        """
        select any_value(weight), max(distortion) filter (half = 'test') - max(distortion) filter (half = 'train')
        from ordinary join split_roles using (set_name, split)
        where family = '%s' and layers = %s and role = 'sparse'
        group by run
        """
            .formatted(family, layers));
  }

  private static Judgement likelihood(Evidence evidence) throws NotEnoughRuns, QueryException {
    CurveMinimum valley =
        evidence
            .series(
                "distortion of the 1-layer MLP with a Gaussian likelihood",
                """
                select weight, distortion from chosen_results join split_roles using (set_name, split)
                where family = 'MLP' and layers = 1 and role = 'sparse' and half = 'test' and objective = 'beta'
                  and likelihood like 'gaussian%'
                """)
            .valley();
    double gaussian = active(evidence, "gaussian%");
    double bernoulli = active(evidence, "bernoulli");
    return new Judgement(
        valley.verdict() == CurveMinimum.Verdict.VISIBLE && gaussian <= HALF * bernoulli,
        String.format(
            Locale.ROOT,
            "1 layer, Gaussian: %s; active dimensions with 3 layers: %.1f Gaussian, %.1f Bernoulli",
            valley.inWords(),
            gaussian,
            bernoulli));
  }

  private static double active(Evidence evidence, String likelihood)
      throws NotEnoughRuns, QueryException {
    List<List<Object>> rows =
        evidence.numbers(
            """
            select avg("value") from measured(['activeDimensions']) join split_roles using (set_name, split)
            where family = 'MLP' and layers = 3 and role = 'sparse' and half = 'test' and objective = 'beta'
              and likelihood like '%s'
            """
                .formatted(likelihood));
    if (rows.isEmpty()) {
      throw new NotEnoughRuns(
          "no 3-layer run with likelihood "
              + likelihood.replace("%", "")
              + " has activeDimensions");
    }
    return (Double) rows.getFirst().getFirst();
  }
}
