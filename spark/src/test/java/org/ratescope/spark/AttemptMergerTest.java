package org.ratescope.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.spec.RunSpec;

class AttemptMergerTest {
  private final List<String> told = new ArrayList<>();

  private final Progress progress =
      new Progress() {
        @Override
        public void accept(ProgressEvent event) {
          switch (event) {
            case ProgressEvent.RunsStarted runsStarted -> {
              told.add("started " + runsStarted.runs().size());
            }
            case ProgressEvent.StepsResumed stepsResumed -> {
              told.add("resumed " + stepsResumed.modelSteps());
            }
            case ProgressEvent.StepsMade stepsMade -> {
              told.add("advanced " + stepsMade.modelSteps());
            }
            case ProgressEvent.LossTraced lossTraced -> {
              told.add("traced " + lossTraced.point().step());
            }
            case ProgressEvent.Note note -> {
              told.add(note.message());
            }
            default -> {}
          }
        }
      };

  private final List<RunSpec> runs = SparkStudy.of("s", List.of(1.0), 50).runs().subList(0, 2);
  private final AttemptMerger bulletin = new AttemptMerger(runs, runs, 100, progress);

  private void hear(long attempt, long resumed, long advanced) {
    bulletin.heard(new ExecutorMessage.News(7, attempt, resumed, advanced, List.of(), List.of()));
  }

  private void trace(long attempt, int k, int step) {
    ExecutorMessage.Traced traced = new ExecutorMessage.Traced(k, step, 1, 2);
    bulletin.heard(new ExecutorMessage.News(7, attempt, 0, 0, List.of(traced), List.of()));
  }

  @Test
  void oneAttemptIsToldAsItGoes() {
    hear(1, 0, 0);
    hear(1, 0, 30);
    hear(1, 0, 100);
    bulletin.ended();
    assertThat(told).containsExactly("started 2", "advanced 30", "advanced 70");
  }

  @Test
  void aLostAttemptsStepsAreNotToldAgain() {
    hear(1, 0, 60);
    hear(2, 40, 0); // goes on from a checkpoint
    hear(2, 40, 15);
    hear(2, 40, 30);
    assertThat(told).containsExactly("started 2", "advanced 60", "advanced 10");
  }

  @Test
  void stepsOfAnEarlierDriverAreResumed() {
    hear(1, 40, 5);
    assertThat(told).containsExactly("started 2", "resumed 40", "advanced 5");
  }

  @Test
  void ofTwoAttemptsAtOnceTheOneAheadCounts() {
    hear(1, 0, 10);
    hear(2, 0, 8);
    hear(2, 0, 20);
    hear(1, 0, 15);
    hear(1, 0, 21);
    assertThat(told).containsExactly("started 2", "advanced 10", "advanced 10", "advanced 1");
  }

  @Test
  void aLostOrLateLetterChangesNothing() {
    hear(1, 0, 50);
    hear(1, 0, 20); // overtaken on its way
    bulletin.ended();
    assertThat(told).containsExactly("started 2", "advanced 50", "resumed 50");
  }

  @Test
  void aPointOfALossCurveIsToldOnce() {
    trace(1, 0, 10);
    trace(1, 1, 10);
    trace(2, 0, 10);
    trace(2, 0, 20);
    assertThat(told).containsExactly("started 2", "traced 10", "traced 10", "traced 20");
  }
}
