package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.format.WrittenFiles;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.estimate.Estimator;
import org.ratescope.estimate.Estimators;
import org.ratescope.estimate.EvaluationData;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.Parameters;
import org.ratescope.model.WeightsFile;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.results.Estimate;
import org.ratescope.results.PriorEstimates;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.Prior;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.study.Study;
import org.ratescope.study.StudyFile;
import org.ratescope.study.Suite;
import org.ratescope.tensor.Device;

/** Priors fitted to a finished run, beside its record. */
class PriorFitsTest {
  private static final List<String> NAMES = List.of("distortion", "rate", "elbo");

  @TempDir static Path folder;
  private static Study study;
  private static RecordStore store;
  private static RunSpec run;

  @BeforeAll
  static void train() throws Exception {
    study =
        StudyFile.read(
            Files.writeString(
                folder.resolve("fits.yaml"),
                """
                data: {set: tetrominoes, resolution: 4}
                splits: [cv:0.00625]
                architectures: [mlp:1x8]
                latent: 2
                objective: {beta: [0.1]}
                restarts: 1
                training: {iterations: 300, batch: 16, learning-rate: 0.01}
                evaluation: {estimators: [distortion, rate, elbo], examples: 1024}
                """));
    run = study.runs().getFirst();
    store = RecordStore.at(folder.resolve("results"));
    LocalRunner.of(store, SharedCache.folder())
        .run(Planner.of(store, 1).plan(study), Progress.SILENT);
  }

  private static List<PriorFits.Result> fit(String prior, BuildListener listener) throws Exception {
    return new PriorFits(
            store, ImageLibrary.at(SharedCache.folder()), Estimators.standard(), Device.CPU, 1, 300)
        .run(Suite.of(study), Prior.parse(prior), NAMES, listener);
  }

  private static double value(List<Estimate> estimates, String name, Subset subset) {
    return estimates.stream()
        .filter(e -> e.name().equals(name) && e.subset() == subset)
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Test
  void aFittedPriorLowersTheRateAndLeavesTheRecord() throws Exception {
    RunRecord record = store.read(run.id()).orElseThrow();
    byte[] bytes = Files.readAllBytes(store.recordFile(run.id()));
    byte[] weights = Files.readAllBytes(store.weightsFile(run.id()));
    List<String> told = new ArrayList<>();
    for (String prior : List.of("mixture:8", "flow:2", "exemplar:8")) {
      PriorEstimates fitted =
          fit(prior, (what, done, total) -> told.add(what + " " + done + "/" + total))
              .getFirst()
              .fitted()
              .orElseThrow();
      assertThat(store.readPrior(prior, run.id())).contains(fitted);
      for (Subset subset : Subset.values()) {
        assertThat(value(fitted.estimates(), "distortion", subset))
            .isEqualTo(value(record.estimates(), "distortion", subset));
        if (!prior.equals("exemplar:8")) { // which has one free number
          assertThat(value(fitted.estimates(), "rate", subset))
              .as("%s, %s", prior, subset)
              .isLessThan(value(record.estimates(), "rate", subset));
        }
      }
    }
    assertThat(fit("mixture:8", BuildListener.SILENT).getFirst().fitted())
        .isEqualTo(store.readPrior("mixture:8", run.id()));
    assertThat(told).contains("prior mixture:8: runs 1/1");
    assertThat(Files.readAllBytes(store.recordFile(run.id()))).isEqualTo(bytes);
    assertThat(Files.readAllBytes(store.weightsFile(run.id()))).isEqualTo(weights);
  }

  /** With normal, which has nothing to fit, the values are the record's. */
  @Test
  void theStandardNormalGivesTheRecordsValues() throws Exception {
    RunRecord record = store.read(run.id()).orElseThrow();
    assertThat(fit("normal", BuildListener.SILENT).getFirst().fitted().orElseThrow().estimates())
        .isEqualTo(record.estimates());
  }

  /** The best Gaussian has the moments of q(z): −E log p(z) = ½ log |2πe Σ|. */
  @Test
  void theFittedGaussianIsTheBest() throws Exception {
    PriorEstimates fitted = fit("gaussian", BuildListener.SILENT).getFirst().fitted().orElseThrow();
    try (PointerScope scope = new PointerScope()) {
      Posteriors codes = codes();
      int n = codes.size();
      double[] mean = new double[2];
      double[] moment = new double[3];
      double entropy = 2 * 0.5 * (1 + Math.log(2 * Math.PI));
      for (int i = 0; i < 2 * n; i++) {
        mean[i % 2] += codes.mean()[i] / n;
        entropy += 0.5 * codes.logVar()[i] / n;
      }
      for (int i = 0; i < n; i++) {
        double x = codes.mean()[2 * i] - mean[0];
        double y = codes.mean()[2 * i + 1] - mean[1];
        moment[0] += (x * x + Math.exp(codes.logVar()[2 * i])) / n;
        moment[1] += x * y / n;
        moment[2] += (y * y + Math.exp(codes.logVar()[2 * i + 1])) / n;
      }
      double determinant = moment[0] * moment[2] - moment[1] * moment[1];
      double best = 1 + Math.log(2 * Math.PI) + 0.5 * Math.log(determinant) - entropy;
      assertThat(value(fitted.estimates(), "rate", Subset.TRAIN))
          .isBetween(best - 1e-4, best + 2e-3);
    }
  }

  private static Posteriors codes() throws Exception {
    ImageSet images = ImageLibrary.at(SharedCache.folder()).open(run.data(), BuildListener.SILENT);
    Parameters parameters =
        Parameters.zeros(ParameterLayout.of(run), run.training().precision(), 1);
    WeightsFile.read(store.weightsFile(run.id()), run, parameters, 0);
    EvaluationData data =
        EvaluationData.of(Examples.pool(images), images.partition(run.split()), Integer.MAX_VALUE);
    Posteriors codes = TrainedModel.of(parameters, 0, run.likelihood()).posteriors(data.train());
    return Posteriors.of(2, codes.mean(), codes.logVar());
  }

  /** Two runs on 60 random images, whose labels are their numbers plus {@code shift}, modulo 3. */
  private static Study labelled(int shift) throws Exception {
    byte[] pixels = new byte[60 * 16];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 7);
    }
    int[] labels = new int[60];
    Arrays.setAll(labels, i -> (i + shift) % 3);
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    arrays.put("x.npy", WrittenFiles.npy("|u1", pixels, 60, 4, 4));
    arrays.put("y.npy", WrittenFiles.npy("<i4", WrittenFiles.ints(labels), 60));
    Path images = folder.resolve("x.npz");
    Files.write(images, WrittenFiles.zip(arrays));
    Files.setLastModifiedTime(images, FileTime.fromMillis(1000L * shift));
    return StudyFile.read(
        Files.writeString(
            folder.resolve("labelled.yaml"),
            """
            data: {array: x.npz, key: x, labels: y, size: 4, colour: grey}
            splits: ["heldout:1"]
            architectures: [mlp:1x8]
            latent: 2
            objective: {beta: 1}
            restarts: 2
            training: {iterations: 10, batch: 8}
            evaluation: {estimators: [distortion], examples: 20}
            """));
  }

  /** Fits in the results of a study that is trained first, in a folder of its own. */
  private PriorFits fits(Study study, Estimators estimators, int workers) throws Exception {
    RecordStore results = RecordStore.at(Files.createTempDirectory(folder, "results"));
    Path cache = folder.resolve("cache");
    LocalRunner.of(results, cache).run(Planner.of(results, 1).plan(study), Progress.SILENT);
    return new PriorFits(results, ImageLibrary.at(cache), estimators, Device.CPU, workers, 1);
  }

  /** The images are the same, but the training set is another one. */
  @Test
  void otherLabelsAreRefused() throws Exception {
    Study before = labelled(1);
    PriorFits fits = fits(before, Estimators.standard(), 1);
    assertThat(fits.run(Suite.of(before), Prior.normal(), NAMES, BuildListener.SILENT))
        .allSatisfy(result -> assertThat(result.problem()).isEmpty());
    Study after = labelled(2);
    assertThatThrownBy(() -> fits.run(Suite.of(after), Prior.normal(), NAMES, BuildListener.SILENT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("split heldout:1 now selects other images");
  }

  /** The images stay in memory until all workers have ended, also after a failure. */
  @Test
  void aFailureDoesNotFreeTheImagesOfOtherWorkers() throws Exception {
    Study two = labelled(3);
    FirstFails estimator = new FirstFails(two.runs().getFirst().seed());
    PriorFits fits = fits(two, Estimators.standard().and(estimator), 2);
    List<String> names = List.of("firstFails");
    assertThatThrownBy(() -> fits.run(Suite.of(two), Prior.normal(), names, BuildListener.SILENT))
        .hasMessageContaining("on purpose");
    assertThat(estimator.seen).containsExactly(false);
    assertThat(fits.store().leases().resolve("owners")).isEmptyDirectory();
  }

  /** The first run fails while the second, in another thread, still uses the images. */
  private static final class FirstFails implements Estimator {
    private final long first;
    private final CountDownLatch both = new CountDownLatch(2);
    private final List<Boolean> seen = new CopyOnWriteArrayList<>();

    FirstFails(long first) {
      this.first = first;
    }

    @Override
    public List<String> names() {
      return List.of("firstFails");
    }

    @Override
    public List<Estimate> estimate(
        TrainedModel model, EvaluationData data, Subset subset, long seed) {
      both.countDown();
      try {
        both.await();
        if (seed == first) {
          throw new IllegalStateException("on purpose");
        }
        Thread.sleep(500); // until the failure interrupts it
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      seen.add(data.train().pool().images().isNull());
      throw new IllegalStateException("the second ends too");
    }
  }

  @Test
  void aRunWithoutWeightsOrWithTooFewImagesHasAReason() throws Exception {
    assertThat(fit("vamp:60000", BuildListener.SILENT).getFirst().problem().orElseThrow())
        .startsWith("prior vamp:60000 needs at least 60000 training images, there are ");
    RecordStore empty = RecordStore.at(folder.resolve("empty"));
    PriorFits fits =
        new PriorFits(
            empty, ImageLibrary.at(SharedCache.folder()), Estimators.standard(), Device.CPU, 1, 1);
    assertThat(
            fits.run(Suite.of(study), Prior.parse("mixture:2"), NAMES, BuildListener.SILENT)
                .getFirst()
                .problem())
        .contains("the run is missing; a prior is fitted to finished runs only");
    Path weights = store.weightsFile(run.id());
    byte[] kept = Files.readAllBytes(weights);
    try {
      Files.write(weights, Arrays.copyOf(kept, kept.length / 2));
      assertThat(fit("mixture:2", BuildListener.SILENT).getFirst().problem().orElseThrow())
          .contains("is cut short");
      Files.delete(weights);
      assertThat(fit("mixture:2", BuildListener.SILENT).getFirst().problem())
          .contains("its weights are missing");
    } finally {
      Files.write(weights, kept);
    }
  }
}
