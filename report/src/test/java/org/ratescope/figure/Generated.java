package org.ratescope.figure;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;
import org.ratescope.results.CurvePoint;
import org.ratescope.results.Estimate;
import org.ratescope.results.LossPoint;
import org.ratescope.results.Outcome;
import org.ratescope.results.Picture;
import org.ratescope.results.Provenance;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.spec.Prior;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Study;

/**
 * Records with made-up numbers, for tests only: curves of roughly the paper's shape with restart
 * noise, a function of the run alone. Nothing here was trained.
 */
public final class Generated {
  public static final List<Double> PAPER_BETAS =
      List.of(0.001, 0.005, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0, 2.0, 3.0, 5.0);
  public static final List<Double> SIX_BETAS = List.of(0.001, 0.01, 0.1, 0.5, 1.0, 4.0);
  private static final int TRACE_POINTS = 50;
  private static final int CURVE_POINTS = 20;

  private Generated() {}

  /** Two splits and two depths, as in the quickstart. */
  public static Study small(int restarts) {
    return study("generated", List.of("cv:0.5", "cv:0.05"), List.of(1, 3), SIX_BETAS, restarts);
  }

  /** The largest grid of the paper: eight splits, three depths, twelve betas. */
  public static Study large(int restarts) {
    List<String> splits =
        List.of(
            "default",
            "checkerboard",
            "cv:0.5",
            "cv:0.1",
            "cv:0.05",
            "cd:0.35",
            "cd:0.2",
            "cd:0.1");
    return study("generated-large", splits, List.of(1, 2, 3), PAPER_BETAS, restarts);
  }

  public static Study study(
      String name, List<String> splits, List<Integer> depths, List<Double> betas, int restarts) {
    return new Study(
        name,
        "Generated numbers, for tests only",
        DataSpec.parse("tetrominoes:resolution=16"),
        splits.stream().map(Split::parse).toList(),
        depths.stream().map(d -> Architecture.parse("mlp:%sx256".formatted(d))).toList(),
        List.of(10),
        List.of(Likelihood.parse("bernoulli")),
        List.of(Prior.normal()),
        betas.stream().map(Objective::beta).toList(),
        restarts,
        1,
        List.of(new Training(4000, 64, 1e-3, Precision.FLOAT32)),
        Optional.empty(),
        new Evaluation(List.of("rd"), 2000),
        List.of("rate-distortion", "distortion-beta", "training"),
        List.of());
  }

  /** The same grid with these priors and trainings, and with diverged runs repeated. */
  static Study with(
      Study study, List<Prior> priors, List<Training> trainings, Optional<Precision> repeat) {
    return with(study, study.likelihoods(), priors, trainings, repeat);
  }

  /** The same grid with these likelihoods. */
  static Study with(Study study, List<Likelihood> likelihoods) {
    return with(study, likelihoods, study.priors(), study.trainings(), study.repeatDiverged());
  }

  private static Study with(
      Study study,
      List<Likelihood> likelihoods,
      List<Prior> priors,
      List<Training> trainings,
      Optional<Precision> repeat) {
    return new Study(
        study.name(),
        study.title(),
        study.data(),
        study.splits(),
        study.architectures(),
        study.latentSizes(),
        likelihoods,
        priors,
        study.objectives(),
        study.restarts(),
        study.seed(),
        trainings,
        repeat,
        study.evaluation(),
        study.figures(),
        study.analyses());
  }

  /** Writes a record for every run of the study. */
  public static RecordStore write(Study study, RecordStore store) throws IOException {
    for (RunSpec run : study.runs()) {
      store.write(finished(run));
    }
    return store;
  }

  /** How much less than half of the data the training set is: 0 for a dense split. */
  private static double sparsity(Split split) {
    return split instanceof Split.ConstantVolume cv ? Math.log(0.5 / cv.ratio()) : 0;
  }

  public static double distortion(RunSpec run, Subset subset) {
    double beta = run.objective().betaKl();
    double decades = Math.log10(beta) + 3;
    int depth = run.architecture().layers();
    double fit = 40 + 34.0 / depth + 2.2 * Math.pow(decades, 2);
    double gap =
        sparsity(run.split()) * (depth == 1 ? 6 * Math.exp(-decades / 1.5) + 2 : 2.5 + decades * 3);
    return fit + (subset == Subset.TEST ? gap : 0) + noise(run, subset, 1);
  }

  public static double rate(RunSpec run, Subset subset) {
    double decades = Math.log10(run.objective().betaKl()) + 3;
    double rate = 12 + 60 * Math.exp(-decades / 1.6) - run.architecture().layers();
    return rate + (subset == Subset.TEST ? 0.4 * sparsity(run.split()) : 0) + noise(run, subset, 2);
  }

  private static double noise(RunSpec run, Subset subset, int stream) {
    long seed = run.canonical().hashCode() * 31L + subset.text().hashCode() * 7L + stream;
    return 0.6 * new Random(seed).nextGaussian();
  }

  public static RunRecord finished(RunSpec run) {
    List<Estimate> estimates = new ArrayList<>();
    for (Subset subset : Subset.values()) {
      double d = distortion(run, subset);
      double r = rate(run, subset);
      estimates.add(new Estimate("distortion", subset, d, 0.3, Estimate.NATS, 2000));
      estimates.add(new Estimate("rate", subset, r, 0.1, Estimate.NATS, 2000));
      estimates.add(new Estimate("elbo", subset, -d - r, 0.35, Estimate.NATS, 2000));
    }
    return new RunRecord(
        run,
        new Outcome.Finished(run.training().iterations()),
        new Evaluation(List.of("rd"), 2000),
        estimates,
        trace(run),
        curve(run),
        List.of(picture(run)),
        provenance(run));
  }

  /** The same record with other estimates. */
  public static RunRecord with(RunRecord record, List<Estimate> estimates) {
    return new RunRecord(
        record.spec(),
        record.outcome(),
        record.evaluation(),
        estimates,
        record.trace(),
        record.curve(),
        record.pictures(),
        record.provenance());
  }

  /** The record of a run whose training loss falls by so many nats in a tenth of the updates. */
  public static RunRecord falling(RunSpec run, double nats) {
    RunRecord record = finished(run);
    List<LossPoint> trace =
        record.trace().stream()
            .map(
                p ->
                    new LossPoint(
                        p.step(),
                        p.distortion() - 10 * nats * p.step() / run.training().iterations(),
                        p.rate()))
            .toList();
    return new RunRecord(
        run,
        record.outcome(),
        record.evaluation(),
        record.estimates(),
        trace,
        record.pictures(),
        record.provenance());
  }

  public static RunRecord ended(RunSpec run, Outcome outcome) {
    return new RunRecord(
        run,
        outcome,
        new Evaluation(List.of("rd"), 2000),
        List.of(),
        trace(run).subList(0, 10),
        List.of(),
        provenance(run));
  }

  private static List<LossPoint> trace(RunSpec run) {
    List<LossPoint> points = new ArrayList<>();
    double end = distortion(run, Subset.TRAIN);
    for (int i = 0; i < TRACE_POINTS; i++) {
      int step = i * run.training().iterations() / TRACE_POINTS;
      double left = Math.exp(-i / 3.0); // nothing is left in the last half
      points.add(
          new LossPoint(
              step,
              end + 400 * left + 2 * Math.sin(i * 1.7),
              rate(run, Subset.TRAIN) * (1 - left) + 0.3 * Math.cos(i)));
    }
    return points;
  }

  private static List<CurvePoint> curve(RunSpec run) {
    List<CurvePoint> points = new ArrayList<>();
    for (int i = 0; i <= CURVE_POINTS; i++) {
      double left = Math.exp(-i / 1.5);
      for (Subset subset : Subset.values()) {
        points.add(
            new CurvePoint(
                i * run.training().iterations() / CURVE_POINTS,
                subset,
                distortion(run, subset) + 400 * left,
                rate(run, subset) * (1 - left)));
      }
    }
    return points;
  }

  public static Provenance provenance(RunSpec run) {
    double share =
        switch (run.split()) {
          case Split.Default ignored -> 0.5;
          case Split.Checkerboard ignored -> 0.5;
          case Split.ConstantVolume cv -> cv.ratio();
          case Split.ConstantDensity cd -> cd.ratio() / 2;
          case Split.Official ignored -> 0.5;
          case Split.HeldOut ignored -> 0.9;
          case Split.WithoutFold ignored -> 0.25;
        };
    int train = (int) Math.round(163_840 * share);
    int test = run.split() instanceof Split.ConstantDensity ? train : 163_840 - train;
    return new Provenance(
        "0.1.0-test",
        "test JVM 25",
        "2.10.0",
        "test blas",
        "cpu",
        "0".repeat(64),
        "",
        train,
        test,
        List.of(run.id()));
  }

  private static Picture picture(RunSpec run) {
    double blur = Math.min(1, Math.max(0, (Math.log10(run.objective().betaKl()) + 3) / 4));
    return new Picture(
        "hard",
        Subset.TEST,
        17,
        3.25,
        png(0, 5),
        png(0, 7),
        png(blur, 5 + (int) Math.round(2 * blur)));
  }

  static String png(double blur, int left) {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    for (int y = 4; y < 12; y++) {
      for (int x = left; x < left + 3; x++) {
        image.setRGB(
            x, y, new Color((float) (1 - 0.5 * blur), (float) (0.4 + 0.3 * blur), 0.2f).getRGB());
      }
    }
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ImageIO.write(image, "png", bytes);
      return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
