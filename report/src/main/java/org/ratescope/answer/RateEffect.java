package org.ratescope.answer;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.ratescope.statistic.StudentT;

/**
 * The effect of the rate term on the test distortion of one model and split: the difference of the
 * mean test distortions at the smallest β, where the term hardly counts, and at the best larger β.
 * Positive if the term helps. The smallest β stands for a model without the term, and any larger β
 * may be the one that helps: this is the left arm of the U in Figure 3 of the paper.
 *
 * <p>Restarts have the same seeds at every β, so a difference is the mean of paired differences
 * over n seeds. Its standard error is the larger one of that of the paired differences, and of √(2
 * s² / n), where s² is the residual variance of the table of seeds and β after removing the means
 * of both, with (n − 1) m degrees of freedom for m larger β.
 *
 * <p>The best β is chosen from the data that measure it. Therefore the m differences are tested
 * together: the p-value that some difference is positive is m times the smallest one-sided p-value
 * (Bonferroni), the p-value that all are negative is the largest one (an intersection-union test),
 * and {@code p} is twice the smaller of both. The interval has the confidence 1 − 0.05 / m for its
 * β, so that it contains the true difference in 95 % of studies whichever β is the best.
 *
 * @param smallest the smallest β
 * @param best the larger β with the lowest mean test distortion
 * @param restarts n, the seeds that have all β
 * @param difference the effect in nats per example
 * @param low lower end of the interval
 * @param high upper end of the interval
 * @param p the two-sided p-value
 * @param imageError the standard error over test images of the distortions at the two β
 * @param fall the fall per tenth of the training at the β of the two at which it may change the
 *     comparison, the larger one if that holds for both or for none; a mean over restarts; NaN if
 *     unknown
 * @param fallError standard error of the fall
 */
public record RateEffect(
    double smallest,
    double best,
    int restarts,
    double difference,
    double low,
    double high,
    double p,
    double imageError,
    double fall,
    double fallError) {
  /** Of the whole family of intervals or verdicts. */
  static final double LEVEL = 0.05;

  /** A fall below this part of the effect cannot turn it round soon. */
  private static final double SHARE_OF_EFFECT = 0.25;

  /** A mean fall of this many standard errors counts. */
  private static final double VISIBLE_FALL = 2;

  /** Whether there are enough runs: two β, and two seeds with all of them. */
  static boolean isPossible(List<ComparedRun> runs) {
    TreeSet<Double> betas = betas(runs);
    return betas.size() > 1 && seeds(runs, betas).length > 1;
  }

  /** The effect in runs that are enough. */
  static RateEffect of(List<ComparedRun> runs) {
    double[] betas = betas(runs).stream().mapToDouble(Double::doubleValue).toArray();
    long[] seeds = seeds(runs, betas(runs));
    ComparedRun[][] table = new ComparedRun[seeds.length][betas.length];
    for (int i = 0; i < seeds.length; i++) {
      for (int j = 0; j < betas.length; j++) {
        table[i][j] = run(runs, betas[j], seeds[i]);
      }
    }
    return of(betas, table);
  }

  private static RateEffect of(double[] betas, ComparedRun[][] table) {
    int n = table.length;
    int larger = betas.length - 1;
    StudentT student = new StudentT((n - 1) * larger);
    double pooled = Math.sqrt(2 * residualVariance(table) / n);
    double smallestP = 1;
    double largestP = 0;
    int best = 1;
    for (int j = 1; j <= larger; j++) {
      double t = ratio(difference(table, j), Math.max(pooled, ownError(table, j)));
      smallestP = Math.min(smallestP, student.above(t));
      largestP = Math.max(largestP, student.above(-t));
      best = difference(table, j) > difference(table, best) ? j : best;
    }
    double difference = difference(table, best);
    double margin =
        student.exceededWith(LEVEL / 2 / larger) * Math.max(pooled, ownError(table, best));
    double[] first = fall(table, 0);
    double[] second = fall(table, best);
    double image = (imageError(table, 0) + imageError(table, best)) / 2;
    boolean firstFalls = isFalling(first, image, difference);
    boolean secondFalls = isFalling(second, image, difference);
    double[] worse =
        (firstFalls == secondFalls ? second[0] > first[0] : secondFalls) ? second : first;
    return new RateEffect(
        betas[0],
        betas[best],
        n,
        difference,
        difference - margin,
        difference + margin,
        Math.min(1, 2 * Math.min(larger * smallestP, largestP)),
        image,
        worse[0],
        worse[1]);
  }

  /** The mean paired difference between the smallest β and another one. */
  private static double difference(ComparedRun[][] table, int j) {
    double sum = 0;
    for (ComparedRun[] row : table) {
      sum += row[0].distortion() - row[j].distortion();
    }
    return sum / table.length;
  }

  /** The standard error of the mean paired difference. */
  private static double ownError(ComparedRun[][] table, int j) {
    double mean = difference(table, j);
    double squares = 0;
    for (ComparedRun[] row : table) {
      double deviation = row[0].distortion() - row[j].distortion() - mean;
      squares += deviation * deviation;
    }
    return Math.sqrt(squares / (table.length - 1) / table.length);
  }

  /** s², the variance that seeds and β do not explain. */
  private static double residualVariance(ComparedRun[][] table) {
    int n = table.length;
    int columns = table[0].length;
    double[] ofSeed = new double[n];
    double[] ofBeta = new double[columns];
    double all = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < columns; j++) {
        double value = table[i][j].distortion();
        ofSeed[i] += value / columns;
        ofBeta[j] += value / n;
        all += value / n / columns;
      }
    }
    double squares = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < columns; j++) {
        double residual = table[i][j].distortion() - ofSeed[i] - ofBeta[j] + all;
        squares += residual * residual;
      }
    }
    return squares / (n - 1) / (columns - 1);
  }

  private static double ratio(double difference, double error) {
    return difference == 0 ? 0 : difference / error;
  }

  /** The mean fall over restarts at a β, and its standard error. */
  private static double[] fall(ComparedRun[][] table, int j) {
    double sum = 0;
    double squares = 0;
    for (ComparedRun[] row : table) {
      sum += row[j].fall();
      squares += row[j].fallError() * row[j].fallError();
    }
    return new double[] {sum / table.length, Math.sqrt(squares) / table.length};
  }

  private static double imageError(ComparedRun[][] table, int j) {
    double sum = 0;
    for (ComparedRun[] row : table) {
      sum += row[j].standardError();
    }
    return sum / table.length;
  }

  private static TreeSet<Double> betas(List<ComparedRun> runs) {
    TreeSet<Double> betas = new TreeSet<>();
    runs.forEach(run -> betas.add(run.beta()));
    return betas;
  }

  /** The seeds that have every β. */
  private static long[] seeds(List<ComparedRun> runs, TreeSet<Double> betas) {
    return runs.stream()
        .mapToLong(ComparedRun::seed)
        .distinct()
        .filter(
            seed ->
                runs.stream()
                        .filter(run -> run.seed() == seed)
                        .map(ComparedRun::beta)
                        .distinct()
                        .count()
                    == betas.size())
        .sorted()
        .toArray();
  }

  private static ComparedRun run(List<ComparedRun> runs, double beta, long seed) {
    return IntStream.range(0, runs.size())
        .mapToObj(runs::get)
        .filter(run -> run.seed() == seed && run.beta() == beta)
        .findFirst()
        .orElseThrow();
  }

  /**
   * Whether training that goes on may change the comparison: the loss of its runs still falls, for
   * a tenth of the training, by more than two standard errors, by more than the standard error over
   * test images, and by more than a quarter of the effect.
   */
  public boolean isFalling() {
    return isFalling(new double[] {fall, fallError}, imageError, difference);
  }

  private static boolean isFalling(double[] fall, double imageError, double difference) {
    return fall[0] > VISIBLE_FALL * fall[1]
        && fall[0] > imageError
        && fall[0] > SHARE_OF_EFFECT * Math.abs(difference);
  }

  /** The verdict, given the p-value corrected for the number of comparisons. */
  AnswerVerdict verdict(double corrected) {
    if (isFalling()) {
      return AnswerVerdict.NOT_CONVERGED;
    }
    if (!(corrected <= LEVEL && Math.abs(difference) > imageError)) {
      return AnswerVerdict.NO_DIFFERENCE;
    }
    return difference > 0 ? AnswerVerdict.HELPS : AnswerVerdict.HURTS;
  }
}
