package org.ratescope.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.ratescope.results.Convergence.State;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Evaluation;

class ConvergenceTest {
  private static final int UPDATES = 1000;

  private static RunSpec run(Objective objective) {
    return new RunSpec(
        DataSpec.parse("tetrominoes:resolution=8"),
        Split.parse("cv:0.5"),
        Architecture.parse("mlp:1x8"),
        2,
        Likelihood.parse("bernoulli"),
        objective,
        new Training(UPDATES, 8, 1e-3, Precision.FLOAT32),
        0);
  }

  private static List<LossPoint> trace(IntToDoubleFunction distortion, double rate) {
    List<LossPoint> points = new ArrayList<>();
    for (int step = 0; step < UPDATES; step += 10) {
      points.add(new LossPoint(step, distortion.applyAsDouble(step), rate));
    }
    return points;
  }

  private static RunRecord record(RunSpec run, Outcome outcome, List<LossPoint> trace) {
    Provenance provenance =
        new Provenance("", "", "", "", "cpu", "0".repeat(64), "", 100, 100, List.of(run.id()));
    return new RunRecord(
        run,
        outcome,
        new Evaluation(List.of("rd"), 100),
        List.of(new Estimate("distortion", Subset.TEST, 20, 0.4, Estimate.NATS, 100)),
        trace,
        List.of(),
        provenance);
  }

  private static Convergence of(List<LossPoint> trace) {
    return Convergence.of(record(run(Objective.beta(2)), new Outcome.Finished(UPDATES), trace));
  }

  @Test
  void aStraightFallIsItsSlopeForATenthOfTheUpdates() {
    Convergence fall = of(trace(step -> 50 - 0.007 * step, 3));
    assertThat(fall.fall()).isCloseTo(0.7, within(1e-9));
    assertThat(fall.standardError()).isCloseTo(0, within(1e-6));
    assertThat(fall.state()).isEqualTo(State.FALLING);
  }

  @Test
  void aConstantLossHasConvergedWhateverItDidBefore() {
    Convergence flat = of(trace(step -> step < UPDATES / 2 ? 500 - step : 20, 3));
    assertThat(flat.fall()).isCloseTo(0, within(1e-9));
    assertThat(flat.state()).isEqualTo(State.CONVERGED);
  }

  /** The twin is the textbook formula with sums of powers, in place of centred ones. */
  @Test
  void agreesWithTheNormalEquations() {
    Random random = new Random(4);
    List<LossPoint> points = trace(step -> 30 - step / 400.0 + random.nextGaussian(), 5);
    double n = 0;
    double x = 0;
    double y = 0;
    double xx = 0;
    double xy = 0;
    for (LossPoint p : points.subList(50, 100)) {
      double loss = p.distortion() + 2 * p.rate();
      n++;
      x += p.step();
      y += loss;
      xx += (double) p.step() * p.step();
      xy += p.step() * loss;
    }
    double slope = (n * xy - x * y) / (n * xx - x * x);
    double intercept = (y - slope * x) / n;
    double squares = 0;
    for (LossPoint p : points.subList(50, 100)) {
      double residual = p.distortion() + 2 * p.rate() - intercept - slope * p.step();
      squares += residual * residual;
    }
    Convergence fall = of(points);
    assertThat(fall.fall()).isCloseTo(-100 * slope, within(1e-9));
    assertThat(fall.standardError())
        .isCloseTo(100 * Math.sqrt(squares / (n - 2) / (xx - x * x / n)), within(1e-9));
  }

  @Test
  void isUnknownWithoutTheLossThatIsMinimised() {
    List<LossPoint> falling = trace(step -> 50 - 0.007 * step, 3);
    RunSpec mi = run(Objective.mutualInformation(1));
    assertThat(Convergence.of(record(mi, new Outcome.Finished(UPDATES), falling)).state())
        .isEqualTo(State.UNKNOWN);
    assertThat(of(falling.subList(0, 55)).state()).as("five points").isEqualTo(State.UNKNOWN);
    RunRecord diverged = record(run(Objective.beta(2)), new Outcome.Diverged(UPDATES), falling);
    assertThat(Convergence.of(diverged).state()).isEqualTo(State.UNKNOWN);
    assertThat(of(trace(step -> 50 + (step % 20 == 0 ? 30 : -30), 3)).state())
        .as("losses that vary by 30 nats")
        .isEqualTo(State.UNKNOWN);
  }

  /** A curve of 20 points and the one before training, as training keeps it. */
  private static List<CurvePoint> curve(IntToDoubleFunction train, IntToDoubleFunction test) {
    List<CurvePoint> points = new ArrayList<>();
    for (int step = 0; step <= UPDATES; step += UPDATES / 20) {
      points.add(new CurvePoint(step, Subset.TRAIN, train.applyAsDouble(step), 3));
      points.add(new CurvePoint(step, Subset.TEST, test.applyAsDouble(step), 3));
    }
    return points;
  }

  private static Convergence of(List<LossPoint> trace, List<CurvePoint> curve) {
    RunRecord batches = record(run(Objective.beta(2)), new Outcome.Finished(UPDATES), trace);
    return Convergence.of(
        new RunRecord(
            batches.spec(),
            batches.outcome(),
            batches.evaluation(),
            batches.estimates(),
            trace,
            curve,
            List.of(),
            batches.provenance()));
  }

  @Test
  void theTrainingCurveCountsBeforeBatches() {
    Random random = new Random(2);
    List<LossPoint> noisy = trace(step -> 30 + 20 * random.nextGaussian(), 3);
    assertThat(of(noisy).state()).isEqualTo(State.UNKNOWN);
    Convergence flat = of(noisy, curve(step -> 20, step -> 60 - 0.01 * step));
    assertThat(flat.fall()).isCloseTo(0, within(1e-9));
    assertThat(flat.state()).isEqualTo(State.CONVERGED);
    Convergence fall = of(noisy, curve(step -> 50 - 0.007 * step, step -> 20));
    assertThat(fall.fall()).isCloseTo(0.7, within(1e-9));
    assertThat(fall.state()).isEqualTo(State.FALLING);
  }

  @Test
  void batchesCountWhereTheCurveIsShort() {
    List<LossPoint> flat = trace(step -> 20, 3);
    List<CurvePoint> falling = curve(step -> 50 - 0.007 * step, step -> 20);
    List<CurvePoint> nine = falling.subList(0, 2 * 19);
    assertThat(of(flat, nine).state()).isEqualTo(State.CONVERGED);
    assertThat(of(flat, falling.subList(0, 2 * 20)).state()).isEqualTo(State.FALLING);
  }

  @Test
  void fewConvergedRunsAreCalledFalling() {
    Random random = new Random(1);
    int falling = 0;
    for (int run = 0; run < 2000; run++) {
      falling +=
          of(trace(step -> 30 + 4 * random.nextGaussian(), 3)).state() == State.FALLING ? 1 : 0;
    }
    assertThat(falling).as("of 2000; 1 in 700 above 3 standard errors").isLessThan(12);
  }
}
