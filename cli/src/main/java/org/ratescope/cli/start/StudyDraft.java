package org.ratescope.cli.start;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.ratescope.cli.process.HumanTime;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.estimate.Estimators;
import org.ratescope.plan.Forecast;
import org.ratescope.plan.Planner;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.text.Wording;
import org.ratescope.study.Study;
import org.ratescope.study.StudyFile;
import org.ratescope.study.Suite;
import org.ratescope.tensor.Device;

/**
 * A first study of some images: two depths, a large and a small training set, and a range of β.
 *
 * @param images the images
 * @param folder the folder of the study file
 * @param count number of images
 * @param width units of each hidden layer
 * @param iterations parameter updates of each run
 */
record StudyDraft(ImagesGuess images, Path folder, int count, int width, int iterations) {
  private static final List<Double> BETAS = List.of(0.001, 0.01, 0.1, 0.3, 1.0, 3.0);
  private static final int RESTARTS = 2;
  private static final int EXAMPLES = 2048;

  /** Size of the small training set, as of the quickstart, if there are enough images. */
  private static final int SPARSE = 1024;

  /** Widths to try, the largest first. */
  private static final int[] WIDTHS = {256, 128, 64};

  /** A width with fewer updates than this is too large for the time. */
  private static final int ENOUGH_ITERATIONS = 4000;

  private static final int FEWEST_ITERATIONS = 200;
  private static final int MOST_ITERATIONS = 50_000;
  private static final int TRIAL_ITERATIONS = 1000;
  private static final double SECONDS_PER_SHAPE = 0.4;

  /**
   * A draft and its predicted time.
   *
   * @param draft the draft
   * @param runs number of its runs
   * @param seconds predicted wall-clock time
   */
  record Sized(StudyDraft draft, int runs, double seconds) {}

  /**
   * The draft with the widest networks that train long enough in a time, on this machine; training
   * and evaluation of each width are calibrated for about two seconds.
   */
  static Sized sized(
      ImagesGuess images, Path folder, int count, ImageLibrary library, int workers, double seconds)
      throws IOException, InterruptedException {
    for (int width : WIDTHS) {
      StudyDraft trial = new StudyDraft(images, folder, count, width, TRIAL_ITERATIONS);
      Suite suite = Suite.of(trial.study());
      Forecast cost =
          Forecast.of(
              Planner.of(RecordStore.at(folder.resolve("no-results")), workers).plan(suite),
              library,
              Estimators.standard(),
              workers,
              Device.CPU,
              SECONDS_PER_SHAPE);
      double training =
          cost.shapes().stream().mapToDouble(s -> s.cohorts() * s.stepSeconds()).sum()
              / cost.workers();
      double rest = cost.seconds() - TRIAL_ITERATIONS * training;
      double iterations = (seconds - rest) / training;
      if (iterations >= ENOUGH_ITERATIONS || width == WIDTHS[WIDTHS.length - 1]) {
        int rounded = rounded(Math.clamp(iterations, FEWEST_ITERATIONS, MOST_ITERATIONS));
        return new Sized(
            new StudyDraft(images, folder, count, width, rounded),
            suite.runs().size(),
            rest + rounded * training);
      }
    }
    throw new IllegalStateException("the last width always fits");
  }

  /**
   * The number of images.
   *
   * @throws IOException if the files are missing, or the images are too few for two sets
   */
  static int count(ImagesGuess images, Path folder, ImageLibrary library) throws IOException {
    int size = library.source(images.spec(folder)).size();
    if (size < 20) {
      throw new IOException(
          "%s: got %s images; expected at least 20 for a training and a test set"
              .formatted(images.name(), size));
    }
    return size;
  }

  /** Two digits, rounded down. */
  private static int rounded(double iterations) {
    double unit = Math.pow(10, Math.max(0, Math.floor(Math.log10(iterations)) - 1));
    return (int) (Math.floor(iterations / unit) * unit);
  }

  private double sparseRatio() {
    double ratio = Math.max((double) SPARSE / count, 0.1);
    double exact = count >= 10 * SPARSE ? (double) SPARSE / count : ratio;
    return Double.parseDouble(String.format(Locale.ROOT, "%.2g", Math.min(exact, 0.1)));
  }

  private int sparse() {
    return (int) Math.round(sparseRatio() * count);
  }

  private int batch() {
    return Math.clamp(sparse() / 2, 2, 64);
  }

  Study study() throws IOException {
    return StudyFile.parse(folder.resolve(images.name() + ".yaml"), body());
  }

  /** The text of the study file, with comments. */
  String text(String predicted) {
    return """
        # Does the rate term help a VAE generalise on these images? A study of Ratescope.
        # Sized by 'ratescope init' for the machine that it ran on: %s.
        # All keys are explained in docs/study-file.md; 'ratescope plan' shows what a change costs.
        """
            .formatted(predicted)
        + body();
  }

  private String body() {
    return String.format(
        Locale.ROOT,
        """
        name: %1$s
        title: Does the rate term help a VAE generalise on %1$s?

        # %2$s.
        data: %3$s

        # Training sets: half of the images, and %4$,d of them, drawn at random (docs/data.md).
        # The other images are the test set.
        splits: [cv:0.5, cv:%5$s]

        # Encoder and decoder with one and with three hidden layers of %6$d units.
        architectures: [mlp:1x%6$d, mlp:3x%6$d]

        # The weight of the rate: 1 is the usual VAE, 0.001 nearly an autoencoder.
        objective: {beta: [%7$s]}

        # Runs of each setting, with different seeds. More show smaller differences.
        restarts: %8$d

        # Parameter updates of each run. The time of the study is nearly proportional to them.
        training: {iterations: %9$d, batch: %10$d}

        # Images of each set on which rate and distortion are estimated, and pictures of what the models draw.
        evaluation: {examples: %11$d, details: [gallery]}

        figures: [rate-distortion, distortion-beta]
        """,
        images.name(),
        images.about(),
        images.yaml(folder),
        sparse(),
        Wording.number(sparseRatio()),
        width,
        DoubleStream.of(BETAS.stream().mapToDouble(b -> b).toArray())
            .mapToObj(Wording::number)
            .collect(Collectors.joining(", ")),
        RESTARTS,
        iterations,
        batch(),
        EXAMPLES);
  }

  /** The predicted time in words. */
  static String predicted(Sized sized, int workers) {
    return "%s runs, about %s on %s %s"
        .formatted(
            sized.runs(),
            HumanTime.about(sized.seconds()),
            workers,
            workers == 1 ? "core" : "cores");
  }
}
