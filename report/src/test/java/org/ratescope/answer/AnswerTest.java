package org.ratescope.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Verdicts and sentences. All numbers are made up. */
class AnswerTest {
  private static final double[] BETAS = {0.001, 0.01, 0.1, 0.3, 1, 3};

  private static Answer.Group group(String model, double[] betas, double[][] table, double fall) {
    List<ComparedRun> runs = new ArrayList<>();
    for (int seed = 0; seed < table.length; seed++) {
      for (int j = 0; j < betas.length; j++) {
        runs.add(new ComparedRun(betas[j], seed, table[seed][j], 0.05, fall, 0.01));
      }
    }
    return new Answer.Group("CV (1,024 train / 162,816 test)", model, runs);
  }

  /** A curve with noise of one standard deviation; {@code arm} is the left arm of a U. */
  private static double[][] curve(Random random, int restarts, double arm, double rise) {
    double[][] table = new double[restarts][BETAS.length];
    for (double[] row : table) {
      for (int j = 0; j < row.length; j++) {
        double shape = j == 0 ? arm : j == 2 ? 0 : rise * j;
        row[j] = 30 + shape + random.nextGaussian();
      }
    }
    return table;
  }

  private static Answer study(Random random, int restarts, int models, double arm, double rise) {
    List<Answer.Group> groups = new ArrayList<>();
    for (int i = 0; i < models; i++) {
      groups.add(group("model " + i, BETAS, curve(random, restarts, arm, rise), 0));
    }
    return Answer.of(groups);
  }

  private static boolean isClaimed(Answer answer) {
    return !answer.with(AnswerVerdict.HELPS).isEmpty()
        || !answer.with(AnswerVerdict.HURTS).isEmpty();
  }

  /** 1,000 studies of four models without an effect, with 2, 3 and 5 restarts. */
  @Test
  void claimsAnEffectInAtMostFivePercentOfStudiesWithoutOne() {
    Random random = new Random(20);
    for (int restarts : new int[] {2, 3, 5}) {
      int claims = 0;
      for (int study = 0; study < 1000; study++) {
        claims += isClaimed(study(random, restarts, 4, 0, 0)) ? 1 : 0;
      }
      assertThat(claims).as("%s restarts, of 1000", restarts).isLessThanOrEqualTo(50);
    }
  }

  /** The noise of one larger β, not of the smallest, is four times that of the others. */
  @Test
  void noiseThatDependsOnBetaMakesNoClaims() {
    Random random = new Random(21);
    int claims = 0;
    for (int study = 0; study < 1000; study++) {
      double[][] table = curve(random, 3, 0, 0);
      for (double[] row : table) {
        row[3] = 30 + 4 * (row[3] - 30);
      }
      claims += isClaimed(Answer.of(List.of(group("one", BETAS, table, 0)))) ? 1 : 0;
    }
    assertThat(claims).isLessThanOrEqualTo(50);
  }

  @Test
  void findsAClearEffect() {
    Random random = new Random(22);
    int helps = 0;
    int hurts = 0;
    for (int study = 0; study < 100; study++) {
      helps += study(random, 3, 4, 6, 0.1).with(AnswerVerdict.HELPS).size();
      hurts += study(random, 5, 4, -12, 0.1).with(AnswerVerdict.HURTS).size();
    }
    assertThat(helps).as("left arm of 6 standard deviations, of 400").isGreaterThan(340);
    assertThat(hurts).as("12 standard deviations, of 400").isGreaterThan(380);
  }

  /**
   * A table small enough for a calculation by hand: three seeds, three β. The means are 10, 8 and
   * 12; the residuals have the sum of squares 4, with 4 degrees of freedom.
   */
  @Test
  void agreesWithACalculationByHand() {
    double[][] table = {{10, 9, 11}, {9, 7, 11}, {11, 8, 14}};
    RateEffect effect = RateEffect.of(group("one", new double[] {0.1, 1, 10}, table, 0).runs());
    assertThat(effect.smallest()).isEqualTo(0.1);
    assertThat(effect.best()).isEqualTo(1);
    assertThat(effect.difference()).isCloseTo(2, within(1e-12));
    // Seed means 10, 9, 11; means of β 10, 8, 12; mean 10. Residuals: 0 1 -1, 0 0 0, 0 -1 1.
    double pooled = Math.sqrt(2 * 4.0 / 4 / 3);
    // Differences 1, 2, 3: standard error 1 / √3, below the pooled one.
    assertThat(pooled).isGreaterThan(1 / Math.sqrt(3));
    // t with 4 degrees of freedom exceeded with 0.05 / 2 / 2: 3.4954 (SciPy 1).
    assertThat(effect.high() - 2).isCloseTo(3.495405933 * pooled, within(1e-6));
    assertThat(effect.low()).isCloseTo(4 - effect.high(), within(1e-12));
    // One-sided p of t = 2 / 0.8165 with 4 degrees of freedom: 0.035242; times 2 β, times 2 sides.
    assertThat(effect.p()).isCloseTo(4 * 0.0352420, within(1e-6));
  }

  @Test
  void usesTheSeedsThatHaveEveryBeta() {
    List<ComparedRun> runs =
        new ArrayList<>(group("one", BETAS, curve(new Random(1), 3, 0, 1), 0).runs());
    runs.removeLast();
    assertThat(RateEffect.of(runs).restarts()).isEqualTo(2);
    runs.removeFirst();
    Answer answer = Answer.of(List.of(new Answer.Group("all", "one", runs)));
    assertThat(answer.comparisons().getFirst().verdict()).isEqualTo(AnswerVerdict.NOT_ENOUGH_RUNS);
    assertThat(answer.judged()).isZero();
    assertThat(AnswerText.sentence(answer))
        .isEqualTo(
            "No answer yet: one on all has not enough runs (two β, and two restarts with every β,"
                + " are the least).");
  }

  @Test
  void restartsThatDoNotDifferHaveAVerdict() {
    double[][] same = {{5, 4}, {5, 4}};
    double[][] flat = {{5, 5}, {5, 5}};
    double[] betas = {0.1, 1};
    Answer answer = Answer.of(List.of(group("a", betas, same, 0), group("b", betas, flat, 0)));
    assertThat(answer.comparisons())
        .extracting(RateComparison::verdict)
        .containsExactly(AnswerVerdict.HELPS, AnswerVerdict.NO_DIFFERENCE);
  }

  @Test
  void runsThatStillImproveAreNotJudgedUnlessTheEffectIsMuchLarger() {
    double[][] table = {{32, 30}, {32.1, 30}, {31.9, 30.1}};
    double[] betas = {0.1, 1};
    assertThat(Answer.of(List.of(group("one", betas, table, 0.6))).comparisons().getFirst())
        .satisfies(
            c -> {
              assertThat(c.verdict()).isEqualTo(AnswerVerdict.NOT_CONVERGED);
              assertThat(c.p()).isNaN();
            });
    assertThat(
            Answer.of(List.of(group("one", betas, table, 0.4))).comparisons().getFirst().verdict())
        .isEqualTo(AnswerVerdict.HELPS);
    assertThat(
            Answer.of(List.of(group("one", betas, table, Double.NaN)))
                .comparisons()
                .getFirst()
                .verdict())
        .as("unknown convergence")
        .isEqualTo(AnswerVerdict.HELPS);
  }

  /** The larger fall may be the uncertain one, and a fall may be unknown. */
  @Test
  void eitherOfTheTwoBetaMayStillImprove() {
    double[][] table = {{31, 30}, {31.1, 30}, {30.9, 30}};
    double[][] falls = {{1, 0.9}, {0.9, 1}, {Double.NaN, 0.9}, {0.9, Double.NaN}};
    double[][] errors = {{2, 0.1}, {0.1, 2}, {Double.NaN, 0.1}, {0.1, Double.NaN}};
    for (int i = 0; i < falls.length; i++) {
      List<ComparedRun> runs = new ArrayList<>();
      for (int seed = 0; seed < table.length; seed++) {
        for (int j = 0; j < 2; j++) {
          runs.add(
              new ComparedRun(
                  j == 0 ? 0.1 : 1, seed, table[seed][j], 0.05, falls[i][j], errors[i][j]));
        }
      }
      RateEffect effect = RateEffect.of(runs);
      assertThat(effect.isFalling()).as("case %s", i).isTrue();
      assertThat(effect.fall()).as("case %s", i).isCloseTo(0.9, within(1e-12));
    }
  }

  @Test
  void aSmallPValueIsABound() {
    assertThat(AnswerText.pValue(0.01234)).isEqualTo("p = 0.012");
    assertThat(AnswerText.pValue(0.00001)).isEqualTo("p < 0.0001");
    double[][] clear = {{42, 30}, {42.001, 30}, {41.999, 30}};
    Answer answer = Answer.of(List.of(group("A", new double[] {0.1, 1}, clear, 0)));
    assertThat(AnswerText.lines(answer).getFirst()).contains(", p < 0.0001, ");
  }

  @Test
  void oneSentenceNamesTheVerdicts() {
    double[] betas = {0.1, 1};
    double[][] helps = {{32, 30}, {32.1, 30}, {31.9, 30}};
    double[][] flat = {{30, 30.3}, {30.2, 30.1}, {30.1, 29.8}};
    assertThat(AnswerText.sentence(Answer.of(List.of(group("A", betas, helps, 0)))))
        .isEqualTo(
            "Yes: the rate term helps A on CV (1,024 train / 162,816 test) (by 2.00 nats per image"
                + " at β = 1 compared with β = 0.1, 95 % interval 1.75 to 2.25).");
    assertThat(
            AnswerText.sentence(
                Answer.of(List.of(group("A", betas, helps, 0), group("B", betas, flat, 0)))))
        .startsWith("It depends: the rate term helps A on CV")
        .contains("; it makes no visible difference to B on CV (1,024 train / 162,816 test) (95 %");
    assertThat(AnswerText.sentence(Answer.of(List.of(group("B", betas, flat, 0)))))
        .startsWith("No visible effect: the rate term makes no visible difference to B on CV");
    assertThat(AnswerText.sentence(new Answer(List.of())))
        .isEqualTo(
            "No answer: every run weighs the mutual information and the marginal KL differently.");
  }
}
