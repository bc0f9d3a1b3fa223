package org.ratescope.claim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.ratescope.claim.Claim.Judgement;
import org.ratescope.sql.QueryException;
import org.ratescope.statistic.NotEnoughRuns;
import org.ratescope.statistic.RankCorrelation;

/** Claims about the data alone: sizes, factors and distances between the halves. */
final class DataClaims {
  private static final double PAPER_SPARSE = 0.1;
  private static final double NEAR_ENOUGH = 1.5;

  private DataClaims() {}

  static List<Claim> all() {
    return List.of(
        new Claim(
            "T2",
            "B",
            List.of("Table A2"),
            List.of(),
            "The splits have the sizes of Table A2.",
            "All counts that Table A2 prints are equal to the last unit: they come from a published generator with a fixed"
                + " seed, so nothing is left to chance.",
            "Sizes do not depend on the profile's resolution; only splits that are asked for are counted.",
            DataClaims::sizes),
        new Claim(
            "A4",
            "B.1",
            List.of("A3", "A4"),
            List.of(),
            "Moving the angle by one unit changes pixels most, the size least, and x and y stand second and third.",
            "The order of the mean distances is exactly that one; their standard errors are far smaller than their"
                + " differences.",
            "The paper does not say how large a unit is: here it is one bin of each factor.",
            DataClaims::sensitivity),
        new Claim(
            "A1",
            "4.4, B",
            List.of("A1"),
            List.of(),
            "More training data moves test images nearer to their neighbours, and the checkerboard's distances resemble"
                + " those of CV(16k/147k).",
            "The mean distance falls with every larger CV training half, and the largest gap between the cumulative"
                + " histograms of the checkerboard and that CV split is less than half its gap to the largest CV split.",
            "Needs the distances of a CV split of about a tenth, whatever splits the profile trains on.",
            DataClaims::distances));
  }

  private static Judgement sizes(Evidence evidence) throws NotEnoughRuns, QueryException {
    evidence.require("splits");
    List<List<Object>> rows =
        evidence.numbers(
            "select split, train, test, paper_train, paper_test from splits order by split");
    if (rows.isEmpty()) {
      throw new NotEnoughRuns("no split that Table A2 has");
    }
    List<String> wrong = new ArrayList<>();
    for (List<Object> row : rows) {
      if (!row.get(1).equals(row.get(3)) || !row.get(2).equals(row.get(4))) {
        wrong.add(
            "%s %s/%s, not %s/%s"
                .formatted(row.get(0), row.get(1), row.get(2), row.get(3), row.get(4)));
      }
    }
    String numbers = "%s of %s splits equal".formatted(rows.size() - wrong.size(), rows.size());
    return new Judgement(
        wrong.isEmpty(), wrong.isEmpty() ? numbers : numbers + ": " + String.join("; ", wrong));
  }

  private static Judgement sensitivity(Evidence evidence) throws NotEnoughRuns, QueryException {
    evidence.require("sensitivity");
    List<List<Object>> rows =
        evidence.numbers(
            """
            select factor, mean from (select "data", factor, any_value(mean) as mean from sensitivity group by all)
            where "data" = (select max("data") from sensitivity) and factor in ('angle', 'color', 'scale', 'x', 'y')
            order by mean desc
            """);
    if (rows.size() != 5) {
      throw new NotEnoughRuns("%s of 5 factors were moved".formatted(rows.size()));
    }
    List<String> order = rows.stream().map(row -> (String) row.get(0)).toList();
    boolean holds =
        order.getFirst().equals("angle")
            && order.getLast().equals("scale")
            && List.of("x", "y").containsAll(order.subList(1, 3));
    List<String> means = new ArrayList<>();
    rows.forEach(
        row -> means.add(String.format(Locale.ROOT, "%s %.2f", row.get(0), (Double) row.get(1))));
    return new Judgement(holds, "mean distances: " + String.join(", ", means));
  }

  private static Judgement distances(Evidence evidence) throws NotEnoughRuns, QueryException {
    evidence.require("neighbour_summary");
    evidence.require("neighbour_distances");
    List<List<Object>> cv =
        evidence.numbers(
            """
            select split, train, mean, split_part(split, ':', 2)::double as ratio from neighbour_summary
            where split like 'cv:%' and "data" like 'tetrominoes%'
              and "data" = (select max("data") from neighbour_summary where "data" like 'tetrominoes%')
            order by train
            """);
    if (cv.size() < 3) {
      throw new NotEnoughRuns(cv.size() + " CV splits with distances, at least 3 are needed");
    }
    double[] train = cv.stream().mapToDouble(row -> ((Number) row.get(1)).doubleValue()).toArray();
    double[] mean = cv.stream().mapToDouble(row -> (Double) row.get(2)).toArray();
    double trend = RankCorrelation.correlation(train, mean);
    List<Object> tenth =
        cv.stream()
            .min(
                Comparator.comparingDouble(
                    row -> Math.abs(Math.log((Double) row.get(3) / PAPER_SPARSE))))
            .orElseThrow();
    if (Math.abs(Math.log((Double) tenth.get(3) / PAPER_SPARSE)) > Math.log(NEAR_ENOUGH)) {
      throw new NotEnoughRuns("no CV split near a tenth, the nearest is " + tenth.get(0));
    }
    String largest = (String) cv.getLast().get(0);
    double toTenth = gap(evidence, (String) tenth.get(0));
    double toLargest = gap(evidence, largest);
    return new Judgement(
        trend == -1 && toTenth < toLargest / 2,
        String.format(
            Locale.ROOT,
            "rank correlation of training size and mean distance %.2f over %d CV splits; largest cumulative gap of the"
                + " checkerboard to %s %.3f, to %s %.3f",
            trend,
            cv.size(),
            tenth.get(0),
            toTenth,
            largest,
            toLargest));
  }

  /** The largest gap between the cumulative histograms of the checkerboard and of a split. */
  private static double gap(Evidence evidence, String split) throws NotEnoughRuns, QueryException {
    NavigableMap<Double, Double> board = cumulative(evidence, "checkerboard");
    NavigableMap<Double, Double> other = cumulative(evidence, split);
    Map<Double, Double> gaps = new TreeMap<>();
    board.keySet().forEach(edge -> gaps.put(edge, at(board, edge) - at(other, edge)));
    other.keySet().forEach(edge -> gaps.put(edge, at(board, edge) - at(other, edge)));
    return gaps.values().stream().mapToDouble(Math::abs).max().orElseThrow();
  }

  private static double at(NavigableMap<Double, Double> cumulative, double edge) {
    Map.Entry<Double, Double> below = cumulative.floorEntry(edge);
    return below == null ? 0 : below.getValue();
  }

  /** The share of test images up to each upper edge of a bin. */
  private static NavigableMap<Double, Double> cumulative(Evidence evidence, String split)
      throws NotEnoughRuns, QueryException {
    NavigableMap<Double, Double> shares = new TreeMap<>();
    List<List<Object>> rows =
        evidence.numbers(
            """
            select bin_high, sum("count") over (order by bin_high) / sum("count") over ()
            from neighbour_distances
            where split = '%s'
              and "data" = (select max("data") from neighbour_distances where "data" like 'tetrominoes%%')
            order by bin_high
            """
                .formatted(split));
    if (rows.isEmpty()) {
      throw new NotEnoughRuns("no distances of the split " + split);
    }
    rows.forEach(row -> shares.put((Double) row.get(0), (Double) row.get(1)));
    return shares;
  }
}
