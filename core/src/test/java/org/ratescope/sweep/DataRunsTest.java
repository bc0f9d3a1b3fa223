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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratescope.dataset.format.WrittenFiles;
import org.ratescope.dataset.source.DataFolder;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.results.Estimate;
import org.ratescope.results.Outcome;
import org.ratescope.results.Provenance;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.study.Study;
import org.ratescope.study.StudyFile;

/** Small studies on every kind of data, from the study file to the records. */
class DataRunsTest {
  @TempDir Path folder;

  private Study study(String data, String split, String more) throws IOException {
    Path file = folder.resolve("study.yaml");
    Files.writeString(
        file,
        """
        data: %s
        splits: ["%s"]
        architectures: [mlp:1x16]
        latent: 3
        objective: {beta: [0.1, 1]}
        restarts: 1
        training: {iterations: 30, batch: 16%s}
        evaluation: {estimators: [distortion, rate, elbo, perplexity, memoryDistance, memoryDistortion, nearerToMemory, neighbourDistance], examples: 40}
        """
            .formatted(data, split, more));
    return StudyFile.read(file);
  }

  private ImageLibrary library() {
    return ImageLibrary.at(folder.resolve("cache")).datasets(folder);
  }

  private RecordStore store() {
    return RecordStore.at(folder.resolve("results"));
  }

  private int run(Study study) throws IOException, InterruptedException {
    return LocalRunner.of(store(), library())
        .run(Planner.of(store(), 2).plan(study), Progress.SILENT);
  }

  private void check(Study study, int train, int test) throws Exception {
    assertThat(run(study)).isZero();
    String images = library().open(study.data(), BuildListener.SILENT).sha256();
    for (RunSpec spec : study.runs()) {
      RunRecord record = store().read(spec.id()).orElseThrow();
      assertThat(record.spec()).isEqualTo(spec);
      assertThat(record.outcome()).isEqualTo(new Outcome.Finished(30));
      assertThat(record.provenance().trainExamples()).isEqualTo(train);
      assertThat(record.provenance().testExamples()).isEqualTo(test);
      assertThat(record.provenance().dataSha256()).isEqualTo(images);
      assertThat(record.pictures()).extracting("name").containsExactly("easy", "typical", "hard");
      assertThat(record.estimates())
          .extracting(Estimate::name)
          .contains("memoryDistance.imageToMu", "memoryDistortion.mu", "neighbourDistance");
      assertThat(record.estimates()).allSatisfy(e -> assertThat(e.value()).isFinite());
      for (Subset subset : Subset.values()) {
        assertThat(record.estimate("distortion", subset).orElseThrow().examples())
            .isEqualTo(Math.min(40, subset == Subset.TRAIN ? train : test));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"float32", "float64"})
  void mnistWithoutNines(String precision) throws Exception {
    DataFolder.tinyMnist(folder, "mnist", 300, 100);
    check(study("mnist", "heldout:9", ", precision: " + precision), 270, 10);
  }

  @Test
  void standInsOfTheOtherSets() throws Exception {
    DataFolder.smallNorb(folder);
    check(study("{set: smallnorb, resolution: 32, camera: both}", "checkerboard", ""), 12, 12);
    DataFolder.shapes3d(folder, "chunked-gzip");
    check(study("3dshapes:resolution=16", "cd:0.25", ""), 8, 8);
  }

  @Test
  void aFolderOfPictures() throws Exception {
    for (int i = 0; i < 50; i++) {
      Path file = folder.resolve("photos/%s/%02d.png".formatted(i % 2 == 0 ? "even" : "odd", i));
      WrittenFiles.picture(file, WrittenFiles.colourful(i, 12, 12), "png");
    }
    String data = "{images: photos, size: 6, colour: grey}";
    check(study(data, "cv:0.5", ""), 25, 25);
    check(study(data, "heldout:odd", ""), 25, 25);
  }

  @Test
  void anArchiveWithFactors() throws Exception {
    byte[] images = new byte[64 * 16];
    int[] factors = new int[64 * 2];
    for (int n = 0; n < 64; n++) {
      images[16 * n + n % 16] = 1;
      factors[2 * n] = n % 16;
      factors[2 * n + 1] = n / 16;
    }
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("imgs.npy", WrittenFiles.npy("|u1", images, 64, 4, 4));
    entries.put("latents_classes.npy", WrittenFiles.npy("<i4", WrittenFiles.ints(factors), 64, 2));
    Files.write(folder.resolve("sprites.npz"), WrittenFiles.zip(entries));
    String data =
        "{array: sprites.npz, key: imgs, labels: latents_classes, white: 1, size: 4, colour: grey}";
    check(study(data, "checkerboard", ""), 32, 32);
    check(study(data, "checkerboard:4", ""), 32, 32);
  }

  /** For any remains of earlier runs (records, a checkpoint), other images end the call. */
  @Test
  void otherImagesWithTheSameNameAreRefused() throws Exception {
    Path photo = folder.resolve("photos/00.png");
    for (int i = 0; i < 30; i++) {
      Path file = folder.resolve("photos/%02d.png".formatted(i));
      WrittenFiles.picture(file, WrittenFiles.colourful(i, 6, 6), "png");
    }
    String data = "{images: photos, size: 6, colour: grey}";
    Study study = study(data, "cv:0.5", "");
    assertThat(run(study)).isZero();
    assertThat(run(study)).isZero(); // nothing to do
    WrittenFiles.picture(photo, WrittenFiles.colourful(99, 6, 6), "png");
    Study more = study(data.replace("photos,", "photos, name: photos,"), "cv:0.6", "");
    assertThatThrownBy(() -> run(more))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "images:name=photos,size=6,colour=grey: the records in %s belong to other data: %s has changed"
                .formatted(store().root(), folder.resolve("photos").toRealPath()))
        .hasMessageEndingWith(
            "Use another --results folder, restore the data, or give this data another name in the"
                + " study (data.name)");
    try (var files = Files.newDirectoryStream(folder.resolve("results/images"))) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Study mixed = study(data, "cv:0.5", "");
    List<RunSpec> runs = mixed.runs();
    Files.delete(
        store().recordFile(runs.getFirst().id())); // the other record still names the images
    assertThatThrownBy(() -> run(mixed))
        .hasMessageContaining("records/%s.json".formatted(runs.getLast().id()));
    assertThat(run(study(data.replace("photos,", "photos, name: others,"), "cv:0.5", ""))).isZero();
  }

  /** Labels determine the training set, so a cohort that started before they changed is refused. */
  @Test
  void otherLabelsOfTheSameImagesAreRefused() throws Exception {
    byte[] images = new byte[30 * 16];
    for (int i = 0; i < images.length; i++) {
      images[i] = (byte) (i * 7);
    }
    String data = "{array: x.npz, key: x, labels: y, size: 4, colour: grey}";
    labelled(images, 1);
    Study study = study(data, "heldout:1", "");
    assertThat(run(study)).isZero();
    RunRecord record = store().read(study.runs().getFirst().id()).orElseThrow();
    Provenance from = record.provenance();
    assertThat(from.splitSha256()).matches("[0-9a-f]{64}");
    for (RunSpec run : study.runs()) {
      Files.delete(store().recordFile(run.id())); // as if it had been killed
    }
    labelled(images, 2);
    assertThatThrownBy(() -> run(study)).hasMessageContaining("split heldout:1 now selects");

    for (RunSpec run : study.runs()) {
      store().write(earlier(record, run, from.trainExamples()));
    }
    try (var files = Files.newDirectoryStream(folder.resolve("results/images"))) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    List<String> notes = new ArrayList<>();
    assertThat(run(study, notes)).isZero();
    assertThat(notes).singleElement().asString().contains("labels were not compared");
    store().write(earlier(record, study.runs().getLast(), 7));
    assertThatThrownBy(() -> run(study))
        .hasMessageContaining("split heldout:1 had 7 training and 10 test images and now has 20");
  }

  private void labelled(byte[] images, int shift) throws IOException {
    int[] labels = new int[30];
    Arrays.setAll(labels, i -> (i + shift) % 3);
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("x.npy", WrittenFiles.npy("|u1", images, 30, 4, 4));
    entries.put("y.npy", WrittenFiles.npy("<i4", WrittenFiles.ints(labels), 30));
    Files.write(folder.resolve("x.npz"), WrittenFiles.zip(entries));
    Files.setLastModifiedTime(folder.resolve("x.npz"), FileTime.fromMillis(1000L * shift));
  }

  /** A record in the format of earlier versions. */
  private static RunRecord earlier(RunRecord record, RunSpec run, int trainExamples) {
    Provenance p = record.provenance();
    return new RunRecord(
        run,
        record.outcome(),
        record.evaluation(),
        record.estimates(),
        List.of(),
        List.of(),
        new Provenance(
            p.ratescope(),
            p.jvm(),
            p.libtorch(),
            p.blas(),
            p.device(),
            p.dataSha256(),
            "",
            trainExamples,
            p.testExamples(),
            p.cohort()));
  }

  private int run(Study study, List<String> notes) throws IOException, InterruptedException {
    return LocalRunner.of(store(), library())
        .run(Planner.of(store(), 2).plan(study), FaultsTest.noting(notes));
  }

  /** The built-in studies, with the profile that takes seconds. */
  @Test
  void theStudiesOfMnistOnTheRealFiles() throws Exception {
    DataFolder.mnist(folder);
    Study nines = StudyFile.read(Path.of("../studies/mnist-heldout.yaml"), "smoke");
    assertThat(run(nines)).isZero();
    for (RunSpec spec : nines.runs()) {
      RunRecord record = store().read(spec.id()).orElseThrow();
      assertThat(record.provenance().trainExamples()).isEqualTo(54_051);
      assertThat(record.provenance().testExamples()).isEqualTo(1009);
      assertThat(record.estimate("memoryDistortion.image", Subset.TEST)).isPresent();
      assertThat(record.estimate("memoryDistortion.mu", Subset.TEST)).isPresent();
    }
    Study small = StudyFile.read(Path.of("../studies/mnist-small.yaml"), "smoke");
    assertThat(run(small)).isZero();
    for (RunSpec spec : small.runs()) {
      RunRecord record = store().read(spec.id()).orElseThrow();
      int train = spec.split().text().equals("cv:0.02") ? 1400 : 35_000;
      assertThat(record.provenance().trainExamples()).isEqualTo(train);
      assertThat(record.provenance().testExamples()).isEqualTo(70_000 - train);
      // black pixels cost ln 2 each before anything is learned: 543 nats
      assertThat(record.estimate("distortion", Subset.TEST).orElseThrow().value())
          .isBetween(100.0, 543.0);
    }
  }

  @Test
  void anImpossibleSplitFailsBeforeAnyWork() throws Exception {
    DataFolder.tinyMnist(folder, "mnist", 30, 10);
    Study study = study("mnist", "checkerboard", "");
    assertThatThrownBy(() -> run(study))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("split checkerboard is impossible for mnist, which has");
    assertThat(folder.resolve("results/records")).doesNotExist();
  }
}
