package org.ratescope.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ratescope.model.ParameterLayout;
import org.ratescope.plan.Plan;
import org.ratescope.plan.Planner;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.progress.ProgressMeter;
import org.ratescope.results.Outcome;
import org.ratescope.results.Provenance;
import org.ratescope.results.RunRecord;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.spec.Prior;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;
import org.ratescope.train.Cohort;

class TerminalProgressTest {
  private static final Evaluation EVALUATION = new Evaluation(List.of("elbo"), 2);
  private static final Study STUDY = study("mlp:1x2");

  private static Study study(String architecture) {
    return new Study(
        "s",
        "s",
        DataSpec.Tetrominoes.published(),
        List.of(new Split.Default()),
        List.of(Architecture.parse(architecture)),
        List.of(2),
        List.of(Likelihood.parse("bernoulli")),
        List.of(Prior.normal()),
        List.of(Objective.beta(1)),
        4,
        0,
        List.of(new Training(1000, 1, 0.1, Precision.FLOAT32)),
        Optional.empty(),
        EVALUATION,
        List.of(),
        List.of());
  }

  private static final double OPERATIONS =
      ParameterLayout.operationsPerStep(STUDY.runs().getFirst());

  private static ProgressEvent started(Plan plan) {
    return new ProgressEvent.SweepStarted(plan, Planner.operations(plan));
  }

  private static ProgressEvent made(long modelSteps) {
    return new ProgressEvent.StepsMade(modelSteps, modelSteps * OPERATIONS);
  }

  private final StringWriter written = new StringWriter();
  private long nanos;

  private TerminalProgress progress(boolean terminal) {
    return new TerminalProgress(new PrintWriter(written), terminal, () -> 70, () -> nanos);
  }

  private void seconds(double seconds) {
    nanos += (long) (seconds * 1e9);
  }

  private String taken() {
    String text = written.toString();
    written.getBuffer().setLength(0);
    return text;
  }

  private static Plan plan() {
    List<RunSpec> runs = STUDY.runs();
    return new Plan(
        Suite.of(STUDY),
        runs.subList(0, 1),
        List.of(),
        List.of(new Cohort(runs.subList(1, 4))),
        List.of());
  }

  private static RunRecord record(int run, Outcome outcome) {
    return new RunRecord(
        STUDY.runs().get(run),
        outcome,
        EVALUATION,
        List.of(),
        List.of(),
        List.of(),
        new Provenance("", "", "", "", "", "", "", 1, 1, List.of()));
  }

  /** What a resumed download had before says nothing about the speed of the connection. */
  @Test
  void aResumedDownloadForecastsByWhatComes() {
    TerminalProgress progress = progress(false);
    progress.accept(new ProgressEvent.Transferring("a.bin from example.org", 80 << 20, 100 << 20));
    seconds(5);
    progress.accept(new ProgressEvent.Transferring("a.bin from example.org", 90 << 20, 100 << 20));
    progress.tick();
    assertThat(taken())
        .isEqualTo(
            "a.bin from example.org: 90 %, 90.0 of 100.0 MiB, 0:05 left, 2.0 MiB/s, 0:05 so far\n");
  }

  @Test
  void aTerminalLineIsRewrittenInPlace() {
    TerminalProgress progress = progress(true);
    Plan plan = plan();
    progress.accept(started(plan));
    progress.accept(new ProgressEvent.RunsStarted(plan.cohorts().getFirst().runs()));
    seconds(2);
    progress.accept(made(300));
    progress.tick();
    String first = taken();
    seconds(2);
    progress.accept(made(1200));
    progress.tick();
    String second = taken();
    progress.close();

    assertThat(first)
        .isEqualTo(
            "\r\u001b[?7ltraining [#--------------] 10 %  1/4 runs done, 3 running, 0 failed"
                + "\u001b[K\u001b[?7h");
    assertThat(second)
        .startsWith("\r\u001b[?7ltraining [")
        .contains("50 %")
        .endsWith("\u001b[K\u001b[?7h")
        .doesNotContain("\n");
    assertThat(taken()).isEqualTo("\r\u001b[K");
  }

  /** A long time without a step is a time of estimates, not a speed of 0. */
  @Test
  void theForecastStaysFiniteWhileNoStepIsMade() {
    TerminalProgress progress = progress(false);
    Plan plan = plan();
    progress.accept(started(plan));
    progress.accept(new ProgressEvent.RunsStarted(plan.cohorts().getFirst().runs()));
    seconds(100);
    progress.accept(made(1500));
    progress.tick();
    assertThat(taken()).contains("50 %").contains(" 1:40 left");
    seconds(36_000);
    progress.tick();
    assertThat(taken()).contains("50 %").contains(" 10:01:40 left");
  }

  @Test
  void theLineSaysThatRunsAreEstimatedAndHowLongThatTakes() {
    TerminalProgress progress = progress(false);
    Plan plan = plan();
    progress.accept(started(plan));
    progress.accept(new ProgressEvent.RunsStarted(plan.cohorts().getFirst().runs()));
    seconds(10);
    progress.accept(made(1500));
    progress.accept(
        new ProgressEvent.EstimatesStarted(plan.cohorts().getFirst().runs().subList(0, 2)));
    progress.tick();
    assertThat(taken()).contains("1/4 runs done, 1 training, 2 estimating, 0 failed");
    seconds(30);
    progress.accept(new ProgressEvent.RunRecorded(record(1, new Outcome.Finished(1000))));
    progress.accept(made(1500));
    progress.tick();
    assertThat(taken())
        .as("30 s for one run, two are left")
        .startsWith("estimating the last runs: 50 %, 2/4 runs done, 1 training, 1 estimating")
        .contains("1:00 left");
  }

  @Test
  void aNoteStandsOnALineOfItsOwn() {
    TerminalProgress progress = progress(true);
    progress.accept(started(plan()));
    progress.tick();
    String unused = taken();
    progress.note("cohort 1 is taken up again at step 7");
    progress.note("and another");

    assertThat(unused).doesNotContain("\n");
    assertThat(taken()).isEqualTo("\r\u001b[Kcohort 1 is taken up again at step 7\nand another\n");
  }

  @Test
  void runsThatGoWrongAreCountedAndTold() {
    TerminalProgress progress = progress(false);
    Plan plan = plan();
    progress.accept(started(plan));
    progress.accept(new ProgressEvent.RunsStarted(plan.cohorts().getFirst().runs()));
    progress.accept(new ProgressEvent.RunRecorded(record(1, new Outcome.Diverged(17))));
    progress.accept(new ProgressEvent.RunRecorded(record(2, new Outcome.Failed(3, "no memory"))));
    progress.accept(new ProgressEvent.RunRecorded(record(3, new Outcome.Finished(1000))));
    progress.tick();

    assertThat(taken().lines())
        .containsExactly(
            "run %s diverged at step 17".formatted(STUDY.runs().get(1).id()),
            "run %s failed at step 3: no memory".formatted(STUDY.runs().get(2).id()),
            "training: 0 %, 2/4 runs done, 0 running, 1 diverged, 1 failed, 0:00 so far");
  }

  /** The plan that repeats a diverged run counts it as done, and the line as diverged. */
  @Test
  void aRunOfAnEarlierPlanIsCountedOnce() {
    TerminalProgress progress = progress(false);
    progress.accept(started(plan()));
    progress.accept(new ProgressEvent.RunRecorded(record(1, new Outcome.Diverged(17))));
    progress.accept(new ProgressEvent.RunRecorded(record(2, new Outcome.Failed(3, "no memory"))));
    progress.accept(new ProgressEvent.RunRecorded(record(3, new Outcome.Finished(1000))));
    List<RunSpec> grid = STUDY.runs().subList(0, 4);
    Cohort repeats = new Cohort(List.of(grid.get(1).precision(Precision.FLOAT64)));
    progress.accept(
        started(new Plan(Suite.of(STUDY), grid, List.of(), List.of(repeats), List.of())));
    progress.tick();
    assertThat(taken())
        .endsWith("training: 0 %, 2/5 runs done, 0 running, 1 diverged, 1 failed, 0:00 so far\n");
  }

  /** No step is left, and yet it may take long: nothing says 100 % before all is done. */
  @Test
  void theLastRunsAreEstimatedAfterTheLastStep() {
    TerminalProgress progress = progress(false);
    Plan plan = plan();
    progress.accept(started(plan));
    progress.accept(new ProgressEvent.RunsStarted(plan.cohorts().getFirst().runs()));
    seconds(3);
    progress.accept(made(3000));
    progress.tick();
    seconds(60);
    progress.accept(new ProgressEvent.RunRecorded(record(1, new Outcome.Finished(1000))));
    progress.tick();
    progress.accept(new ProgressEvent.RunRecorded(record(2, new Outcome.Finished(1000))));
    progress.accept(new ProgressEvent.RunRecorded(record(3, new Outcome.Finished(1000))));
    progress.tick();

    assertThat(taken().lines())
        .containsExactly(
            "estimating the last runs: 25 %, 1/4 runs done, 3 running, 0 failed, 0:03 so far",
            "estimating the last runs: 50 %, 2/4 runs done, 2 running, 0 failed, 1:03 so far",
            "training: 100 %, 4/4 runs done, 0 running, 0 failed, 0:00 left, 0 steps/s, 1:03 so"
                + " far");
  }

  @Test
  void aLogHasALineForEachTenthOfTheWork() {
    TerminalProgress progress = progress(false);
    progress.accept(started(plan()));
    for (int i = 0; i < 3000; i++) {
      progress.accept(made(1));
      seconds(0.001);
      progress.tick();
    }
    progress.close();

    assertThat(taken().lines().map(line -> line.split(",", 2)[0]))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(0, 10).mapToObj(i -> "training: " + 10 * i + " %").toList());
  }

  @Test
  void aLogBreaksItsSilenceEveryTenSecondsAndLaterLessOften() {
    TerminalProgress progress = progress(false);
    progress.accept(started(plan()));
    progress.tick();
    for (int i = 0; i < 95; i++) {
      seconds(1);
      progress.tick();
    }
    assertThat(taken().lines()).hasSize(10);

    seconds(100_000);
    progress.tick();
    for (int i = 0; i < 3000; i++) {
      seconds(1);
      progress.tick();
    }
    assertThat(taken().lines()).hasSize(2);
  }

  @Test
  void speedAndRemainingTimeFollowTheLastSeconds() {
    ProgressMeter meter = new ProgressMeter(() -> nanos);
    meter.accept(started(plan()));
    for (int i = 0; i < 100; i++) {
      meter.accept(made(10));
      seconds(1);
      meter.stage();
    }
    assertThat(meter.stage().stepsPerSecond()).isBetween(9.99, 10.01);
    assertThat(meter.stage().remainingSeconds()).isBetween(199.0, 201.0);

    for (int i = 0; i < 20; i++) {
      meter.accept(made(50));
      seconds(1);
      meter.stage();
    }
    // The weight of the past after 20 s: e^-2 = 13.5 %.
    assertThat(meter.stage().stepsPerSecond()).isBetween(43.0, 46.0);
  }

  @Test
  void stepsOfAnEarlierCallSayNothingAboutSpeed() {
    ProgressMeter meter = new ProgressMeter(() -> nanos);
    meter.accept(started(plan()));
    meter.accept(new ProgressEvent.StepsResumed(1000, 1000 * OPERATIONS));
    for (int i = 0; i < 100; i++) {
      meter.accept(made(10));
      seconds(1);
      meter.stage();
    }

    assertThat(meter.stage().share()).isEqualTo(2.0 / 3);
    assertThat(meter.stage().stepsPerSecond()).isBetween(9.99, 10.01);
    assertThat(meter.stage().remainingSeconds()).isBetween(99.0, 101.0);
  }

  /** A network of 200 units comes first, as the longest does: an update takes 100 s, not 1 s. */
  @Test
  void theForecastKnowsThatUpdatesOfLargeNetworksTakeLonger() {
    RunSpec small = STUDY.runs().getFirst();
    Cohort large = new Cohort(List.of(study("mlp:1x200").runs().getFirst()));
    Cohort rest = new Cohort(List.of(small));
    double times = ParameterLayout.operationsPerStep(large.first()) / OPERATIONS;
    assertThat(times).isCloseTo(100, within(2.0));
    ProgressMeter meter = new ProgressMeter(() -> nanos);
    meter.accept(
        started(new Plan(Suite.of(STUDY), List.of(), List.of(), List.of(large, rest), List.of())));
    for (int i = 0; i < 500; i++) {
      meter.accept(new ProgressEvent.StepsMade(1, times * OPERATIONS));
      seconds(times);
      meter.stage();
    }
    assertThat(meter.stage().share()).isCloseTo(0.5 * times / (times + 1), within(1e-9));
    assertThat(meter.stage().remainingSeconds())
        .isCloseTo(500 * times + 1000, within(0.01 * times));
  }

  @Test
  void aStageOfItsOwnStartsAnew() {
    TerminalProgress progress = progress(false);
    progress.accept(new ProgressEvent.Preparing("images of x", 0, 100));
    progress.tick();
    seconds(2);
    progress.accept(new ProgressEvent.Preparing("images of x", 50, 100));
    progress.tick();
    progress.accept(started(plan()));
    progress.tick();

    assertThat(taken().lines())
        .containsExactly(
            "images of x: 0 %, 0 of 100, 0:00 so far",
            "images of x: 50 %, 50 of 100, 0:02 left, 25/s, 0:02 so far",
            "training: 0 %, 1/4 runs done, 0 running, 0 failed, 0:00 so far");
  }

  @Test
  void nothingIsDrawnBeforeAnythingWasTold() {
    TerminalProgress progress = progress(true);
    progress.tick();
    progress.close();

    assertThat(taken()).isEmpty();
  }
}
