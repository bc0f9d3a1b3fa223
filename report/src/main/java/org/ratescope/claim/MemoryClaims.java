package org.ratescope.claim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ratescope.claim.Claim.Judgement;
import org.ratescope.sql.QueryException;
import org.ratescope.statistic.NotEnoughRuns;

/** Claims about memorisation and capacity (appendices C.1 to C.3). */
final class MemoryClaims {
  private static final double HALF = 0.5;
  private static final double NEARLY_ALL = 0.9;
  private static final double ONE_IMAGE = 1.5;

  private MemoryClaims() {}

  static List<Claim> all() {
    return List.of(
        new Claim(
            "A5",
            "C.1",
            List.of("A5", "A6"),
            List.of("heldout"),
            "3 layers reconstruct unseen 9s as weighted averages of training images, 1 layer does not; the weights'"
                + " perplexity peaks at 1.",
            "The share of 9s whose reconstruction is nearer in cross-entropy to mu (Equation 5) than to the image is above"
                + " a half with 3 layers and below with 1, with as many units as is nearest to the paper's 400; with 3 layers"
                + " more than half of the perplexities are below 1.5, so that one image has most of the weight.",
            "Memorising all digits but the 9s takes longer training than short profiles have.",
            MemoryClaims::nines),
        new Claim(
            "A8",
            "C.1",
            List.of("A8"),
            List.of("latent2"),
            "With 2 latents and 100 images the largest weight exceeds 0.99 over about 96 % of the region shown.",
            "At least 90 % of the grid's cells, the paper's 96 % less what another region and training may cost.",
            "The share depends on the region that is shown and on how narrow the posteriors have become.",
            MemoryClaims::plane),
        new Claim(
            "A9",
            "C.2",
            List.of("A9"),
            List.of("capacity"),
            "At β = 1 capacity helps on the default split, and 3 layers deteriorate on the sparse split and the"
                + " checkerboard.",
            "At every width, 3 layers have the better mean test ELBO and test log marginal likelihood on the default"
                + " split, and 1 layer on the other two; the log marginal counts where there is one.",
            "Narrow networks and few updates memorise less, so that 3 layers may help everywhere.",
            MemoryClaims::capacity),
        new Claim(
            "A11",
            "C.3",
            List.of("A11"),
            List.of("memory"),
            "On the hardest quarter of the checkerboard's test images, 3-layer reconstructions are nearer to mu than to the"
                + " image; with 1 layer it is the other way.",
            "The median of ‖x̂ − mu‖ is below that of ‖x̂ − x‖ with 3 layers and above with 1, over the quarter of test"
                + " images that are farthest from their nearest training image.",
            "Memorisation comes with training; short profiles may not reach it.",
            MemoryClaims::hardest));
  }

  private static Judgement nines(Evidence evidence) throws NotEnoughRuns, QueryException {
    evidence.require("examples");
    List<List<Object>> rows =
        evidence.numbers(
            """
            with candidate as (
              select run, layers, width, half, bce_mu, bce_x, perplexity from examples join chosen using (run)
              where split_kind = 'heldout' and half = 'test' and layers in (1, 3) and family = 'MLP'
            ),
            chosen_width as (
              select width from candidate group by width having count(distinct layers) = 2
              order by abs(width - 400), width limit 1
            )
            select layers, avg((bce_mu < bce_x)::integer), avg((perplexity < %s)::integer), count(*), width
            from candidate join chosen_width using (width) group by layers, width order by layers
            """
                .formatted(ONE_IMAGE));
    List<List<Object>> both = bothDepths(rows, "examples of a class left out");
    double shallow = (Double) both.get(0).get(1);
    double deep = (Double) both.get(1).get(1);
    double single = (Double) both.get(1).get(2);
    return new Judgement(
        shallow < HALF && deep > HALF && single > HALF,
        String.format(
            Locale.ROOT,
            "%s units: nearer to mu: %.1f %% with 1 layer, %.1f %% with 3; perplexity below 1.5: %.1f %% with 3 layers",
            both.get(0).get(4),
            100 * shallow,
            100 * deep,
            100 * single));
  }

  private static List<List<Object>> bothDepths(List<List<Object>> rows, String what)
      throws NotEnoughRuns {
    if (rows.size() != 2) {
      throw new NotEnoughRuns(what + " are there for " + rows.size() + " of the depths 1 and 3");
    }
    return rows;
  }

  private static Judgement plane(Evidence evidence) throws NotEnoughRuns, QueryException {
    evidence.require("latent_plane");
    List<List<Object>> rows =
        evidence.numbers(
            """
            select avg((largest_weight > 0.99)::integer), count(*) from latent_plane join chosen using (run)
            where latent_size = 2
            """);
    if (rows.isEmpty()) {
      throw new NotEnoughRuns("no run with 2 latents has its plane");
    }
    double share = (Double) rows.getFirst().get(0);
    return new Judgement(
        share >= NEARLY_ALL,
        String.format(
            Locale.ROOT, "%.2f %% of %s cells", 100 * share, rows.getFirst().get(1).toString()));
  }

  private static Judgement capacity(Evidence evidence) throws NotEnoughRuns, QueryException {
    boolean holds = true;
    List<String> numbers = new ArrayList<>();
    for (String role : List.of("default", "sparse", "checkerboard")) {
      List<List<Object>> rows = advantages(evidence, role);
      if (rows.isEmpty()) {
        throw new NotEnoughRuns("no width has both 1 and 3 layers on the " + role + " split");
      }
      for (List<Object> row : rows) {
        double advantage = (Double) row.get(2);
        holds &= role.equals("default") ? advantage > 0 : advantage < 0;
        numbers.add(
            String.format(
                Locale.ROOT, "%s %s, %s units %+.2f", role, row.get(0), row.get(1), advantage));
      }
    }
    return new Judgement(holds, "3 layers against 1, nats: " + String.join("; ", numbers));
  }

  /** Estimate, width, and by how much 3 layers are better than 1. */
  private static List<List<Object>> advantages(Evidence evidence, String role)
      throws QueryException {
    return evidence.numbers(
        String.format(
            Locale.ROOT,
            """
            with value as (
              select * from measured(['elbo']) union all select * from measured(%s)
            )
            select if(estimator = 'elbo', 'ELBO', 'log p(x)') as name, width,
              avg("value") filter (layers = 3) - avg("value") filter (layers = 1) as advantage
            from value join split_roles using (set_name, split)
            where family = 'MLP' and half = 'test' and role = '%s' and beta = 1 and layers in (1, 3)
            group by name, width order by name, width
            """,
            CurveClaims.LOG_MARGINALS,
            role));
  }

  private static Judgement hardest(Evidence evidence) throws NotEnoughRuns, QueryException {
    evidence.require("examples");
    List<List<Object>> rows =
        evidence.numbers(
            """
            with example as (
              select examples.*, layers, ntile(4) over (partition by run order by nn_distance) as quarter
              from examples join chosen using (run)
              where split = 'checkerboard' and half = 'test' and layers in (1, 3) and family = 'MLP' and beta = 1
            )
            select layers, median(xhat_mu), median(xhat_x) from example where quarter = 4
            group by layers order by layers
            """);
    List<List<Object>> both = bothDepths(rows, "examples of the checkerboard");
    double shallowMu = (Double) both.get(0).get(1);
    double shallowX = (Double) both.get(0).get(2);
    double deepMu = (Double) both.get(1).get(1);
    double deepX = (Double) both.get(1).get(2);
    return new Judgement(
        shallowMu > shallowX && deepMu < deepX,
        String.format(
            Locale.ROOT,
            "medians of ‖x̂ − mu‖ and ‖x̂ − x‖: %.2f and %.2f with 1 layer, %.2f and %.2f with 3",
            shallowMu,
            shallowX,
            deepMu,
            deepX));
  }
}
