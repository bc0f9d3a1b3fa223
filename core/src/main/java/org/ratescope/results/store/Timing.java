package org.ratescope.results.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import org.ratescope.io.AtomicFile;
import org.ratescope.spec.RunId;

/**
 * When and how fast a run was computed: the only place that looks at the clock. It is written
 * beside the record, not into it, so that records of equal runs are equal bytes.
 */
public final class Timing {
  private final Clock clock;
  private final Instant started;

  private Timing(Clock clock) {
    this.clock = clock;
    this.started = clock.instant();
  }

  /** Starts now. */
  public static Timing start() {
    return new Timing(Clock.systemUTC());
  }

  /**
   * Writes the timing of a run that ends now.
   *
   * @param modelSteps updates made by the run's cohort since the start, counted per model
   */
  public void write(RecordStore store, RunId run, long modelSteps) throws IOException {
    Instant ended = clock.instant();
    double seconds = (ended.toEpochMilli() - started.toEpochMilli()) / 1000.0;
    String json =
        String.format(
            Locale.ROOT,
            "{\"run\": \"%s\", \"started\": \"%s\", \"ended\": \"%s\", \"seconds\": %.3f,"
                + " \"modelSteps\": %d}%n",
            run,
            started,
            ended,
            seconds,
            modelSteps);
    AtomicFile.writeUnforced(store.timingFile(run), json.getBytes(StandardCharsets.UTF_8));
  }
}
