package org.ratescope.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratescope.results.LossPoint;
import org.ratescope.spec.RunSpec;
import org.ratescope.sweep.SmallStudy;

@Timeout(60)
class AsyncTrackerTest {
  private static final RunSpec RUN = SmallStudy.of(List.of(1.0), 10).runs().getFirst();

  private final List<String> notes = new CopyOnWriteArrayList<>();
  private final List<String> told = new CopyOnWriteArrayList<>();

  /** A sink that keeps what it is told and waits for a latch first. */
  private final class Gated implements Tracker {
    private final CountDownLatch gate;

    Gated(CountDownLatch gate) {
      this.gate = gate;
    }

    @Override
    public String name() {
      return "gated";
    }

    @Override
    public void accept(ProgressEvent event) throws IOException, InterruptedException {
      switch (event) {
        case ProgressEvent.RunsStarted ignored -> {
          gate.await();
          told.add("started");
        }
        case ProgressEvent.LossTraced lossTraced -> {
          told.add("traced " + lossTraced.point().step());
        }
        case ProgressEvent.StepsMade stepsMade -> {
          told.add("advanced " + stepsMade.modelSteps());
        }
        case ProgressEvent.StepsResumed stepsResumed -> {
          told.add("resumed " + stepsResumed.modelSteps());
        }
        case ProgressEvent.Note note -> {
          if (note.message().equals("break")) {
            throw new IOException("no space left");
          }
          if (note.message().equals("fill")) {
            throw new OutOfMemoryError("Java heap space");
          }
          if (note.message().equals("recurse")) {
            throw new StackOverflowError();
          }
          told.add(note.message());
        }
        default -> {}
      }
    }

    @Override
    public void close() {
      told.add("close");
    }
  }

  private AsyncTracker aside(CountDownLatch gate, int capacity, Duration patience) {
    return AsyncTracker.of(new Gated(gate), notes::add, capacity, patience);
  }

  @Test
  void everythingIsToldInOrderAndCountsAreSummed() {
    try (AsyncTracker aside = aside(new CountDownLatch(0), 100, Duration.ofSeconds(30))) {
      aside.accept(new ProgressEvent.RunsStarted(List.of(RUN)));
      for (int step = 0; step < 3; step++) {
        aside.accept(new ProgressEvent.StepsMade(4, 4));
        aside.accept(new ProgressEvent.LossTraced(RUN, new LossPoint(step, 1, 1)));
      }
      aside.accept(new ProgressEvent.StepsResumed(5, 5));
      aside.note("last");
    }

    List<String> counts = new ArrayList<>(told);
    counts.removeIf(s -> s.startsWith("traced") || !s.contains("ed "));
    assertThat(told).startsWith("started", "traced 0", "traced 1", "traced 2", "last");
    assertThat(told).endsWith("close");
    assertThat(sum("advanced ")).isEqualTo(12);
    assertThat(sum("resumed ")).isEqualTo(5);
    assertThat(counts.size()).as("told per tick, not per call").isLessThanOrEqualTo(4);
    assertThat(notes).isEmpty();
  }

  /** A cohort that does not fit into memory takes its steps back, and tells them again. */
  @Test
  void stepsThatAreTakenBackAreTold() {
    try (AsyncTracker aside = aside(new CountDownLatch(0), 100, Duration.ofSeconds(30))) {
      aside.accept(new ProgressEvent.StepsResumed(-7, -7e6));
    }
    assertThat(sum("resumed ")).isEqualTo(-7);
  }

  private long sum(String word) {
    return told.stream()
        .filter(s -> s.startsWith(word))
        .mapToLong(s -> Long.parseLong(s.substring(word.length())))
        .sum();
  }

  @Test
  void aFullQueueLeavesOutLossesFirstAndSaysSoOnce() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    AsyncTracker aside = aside(gate, 100, Duration.ofSeconds(30));
    aside.accept(new ProgressEvent.RunsStarted(List.of(RUN)));
    TimeUnit.MILLISECONDS.sleep(600); // the sink has taken it and stands at the gate
    long before = System.nanoTime();
    for (int step = 0; step < 10_000; step++) {
      aside.accept(new ProgressEvent.LossTraced(RUN, new LossPoint(step, 1, 1)));
    }
    for (int i = 0; i < 60; i++) {
      aside.accept(new ProgressEvent.RunsStarted(List.of(RUN)));
    }
    double seconds = (System.nanoTime() - before) / 1e9;
    gate.countDown();
    aside.close();

    assertThat(seconds).as("nobody waited for the sink").isLessThan(5);
    assertThat(told.stream().filter(s -> s.startsWith("traced")))
        .as("half of the queue, the first ones")
        .hasSize(50)
        .contains("traced 0", "traced 49");
    assertThat(told.stream().filter(s -> s.equals("started"))).as("1 + the other half").hasSize(51);
    assertThat(notes)
        .containsExactly(
            "gated is slower than the sweep: some of what it would show is left out",
            "gated: 9960 messages were left out");
  }

  @Test
  void aSinkThatHangsHoldsTheEndUpForItsPatienceOnly() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    AsyncTracker aside = aside(never, 100, Duration.ofMillis(300));
    aside.accept(new ProgressEvent.RunsStarted(List.of(RUN)));
    long before = System.nanoTime();
    aside.close();
    aside.close();
    double seconds = (System.nanoTime() - before) / 1e9;

    assertThat(seconds).isBetween(0.29, 5.0);
    assertThat(notes)
        .containsExactly("gated did not take everything within 0.3 s: the rest is not told there");
    assertThat(told).isEmpty();
  }

  @Test
  void aSinkThatFailsIsOffAndSaysSoOnce() throws Exception {
    AsyncTracker aside = aside(new CountDownLatch(0), 100, Duration.ofSeconds(30));
    aside.note("break");
    for (int i = 0; notes.isEmpty(); i++) {
      assertThat(i).isLessThan(1000);
      TimeUnit.MILLISECONDS.sleep(10);
    }
    for (int i = 0; i < 1000; i++) {
      aside.note("unheard");
    }
    aside.close();

    assertThat(notes).containsExactly("gated is off: no space left");
    assertThat(told).isEmpty();
    assertThat(aside.dropped()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "fill, java.lang.OutOfMemoryError: Java heap space",
    "recurse, java.lang.StackOverflowError"
  })
  void anErrorInASinkEndsTheSinkAlone(String message, String words) throws Exception {
    AsyncTracker aside = aside(new CountDownLatch(0), 100, Duration.ofSeconds(30));
    aside.note(message);
    for (int i = 0; notes.isEmpty(); i++) {
      assertThat(i).isLessThan(1000);
      TimeUnit.MILLISECONDS.sleep(10);
    }
    aside.accept(new ProgressEvent.LossTraced(RUN, new LossPoint(1, 1, 1)));
    aside.close();

    assertThat(notes).containsExactly("gated is off: " + words);
    assertThat(told).isEmpty();
  }
}
