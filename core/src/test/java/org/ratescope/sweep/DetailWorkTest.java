package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.DataAnalysis;
import org.ratescope.results.DataRecord;
import org.ratescope.results.ExampleDetails;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.study.Analysis;
import org.ratescope.study.Detail;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Study;

/** A real tiny study with all analyses of its data and all details of its examples. */
class DetailWorkTest {
  private static final Evaluation PLAIN = new Evaluation(SmallStudy.ESTIMATORS, 100);
  private static final Evaluation DETAILED =
      new Evaluation(SmallStudy.ESTIMATORS, 100, List.of(Detail.values()));

  /** All but the neighbours of all test images, which would take 10 s. */
  private static final List<Analysis.Kind> ANALYSES =
      EnumSet.complementOf(EnumSet.of(Analysis.Kind.NEIGHBOURS)).stream().toList();

  private static final Path CACHE = SharedCache.folder();
  @TempDir Path results;

  /** Two splits with 8,000 training images each. */
  private static Study withoutAnalyses(Evaluation evaluation) {
    Study study = SmallStudy.of(List.of(1.0), 20, 1e-3, evaluation);
    return SmallStudy.varied(
        study,
        List.of(new Split.ConstantVolume(0.05), new Split.ConstantDensity(0.1)),
        study.architectures(),
        study.latentSizes());
  }

  private static Study study(Evaluation evaluation) {
    return withoutAnalyses(evaluation).analyses(ANALYSES);
  }

  private RecordStore store() {
    return RecordStore.at(results);
  }

  private List<String> run(Study study) throws IOException, InterruptedException {
    Notes notes = new Notes();
    LocalRunner.of(store(), CACHE).run(Planner.of(store(), 2).plan(study), notes);
    return notes.told;
  }

  private static final class Notes implements Progress {
    private final List<String> told = new ArrayList<>();

    @Override
    public void accept(ProgressEvent event) {
      switch (event) {
        case ProgressEvent.Preparing preparing -> {
          if (preparing.what().startsWith("analyses")) {
            told.add(
                "%s %d of %d".formatted(preparing.what(), preparing.done(), preparing.total()));
          }
        }
        case ProgressEvent.RunRecorded runRecorded -> {
          told.add("recorded " + runRecorded.record().id());
        }
        case ProgressEvent.Note note -> {
          told.add(note.message());
        }
        default -> {}
      }
    }
  }

  private Map<String, String> files(String folder) throws IOException {
    Map<String, String> contents = new HashMap<>();
    try (var files = Files.walk(results.resolve(folder))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(results.relativize(file).toString(), Files.readString(file));
      }
    }
    return contents;
  }

  @Test
  void everyAnalysisIsComputedOnce() throws Exception {
    Study study = study(DETAILED);
    List<Analysis> asked = Analysis.of(study);
    assertThat(asked).hasSize(1 + (1 + 16) + 2 + 1);
    List<String> told = run(study);
    assertThat(told)
        .contains(
            "analyses of the data, images 0 of 219", "analyses of the data, images 219 of 219");
    for (Analysis analysis : asked) {
      DataRecord record = store().read(analysis).orElseThrow();
      assertThat(record.dataSha256()).hasSize(64);
    }
    assertThat(files("data")).hasSize(21);
    for (RunSpec run : study.runs()) {
      ExampleDetails examples = store().readExamples(run.id()).orElseThrow();
      assertThat(examples.examples()).hasSize(100);
      assertThat(store().readPlane(run.id()).orElseThrow().trainExamples())
          .isEqualTo(examples.trainExamples());
    }
    Map<String, String> data = files("data");
    Map<String, String> details = files("details");

    assertThat(run(study)).isEmpty();
    assertThat(files("data")).isEqualTo(data);
    assertThat(files("details")).isEqualTo(details);
  }

  @Test
  void anIncompleteDataRecordIsReplaced() throws Exception {
    Study study = study(PLAIN);
    run(study);
    Map<String, String> before = files("data");
    Analysis neighbours =
        Analysis.of(study).stream()
            .filter(Analysis.Neighbours.class::isInstance)
            .findFirst()
            .orElseThrow();
    Path file = store().dataFile(neighbours);
    String whole = Files.readString(file);
    Files.writeString(file, whole.substring(0, whole.length() / 2));
    Files.writeString(file.resolveSibling(file.getFileName() + ".4711.part"), "{");
    Files.delete(store().dataFile(Analysis.of(study).getFirst()));

    List<String> told = run(study);

    assertThat(told.getFirst()).startsWith("a damaged data record, computed again: " + file);
    assertThat(told)
        .contains("analyses of the data, images 101 of 101")
        .noneMatch(t -> t.startsWith("recorded"));
    assertThat(files("data")).containsAllEntriesOf(before);
    assertThat(store().read(neighbours).orElseThrow().finding())
        .isInstanceOf(DataAnalysis.Distances.class);
  }

  @Test
  void detailsAreComputedFromStoredWeights() throws Exception {
    Study plain = withoutAnalyses(PLAIN);
    run(plain);
    assertThat(results.resolve("details")).doesNotExist();
    Map<String, String> weights = new HashMap<>();
    for (RunSpec run : plain.runs()) {
      weights.put(
          run.id().hex(),
          HexFormat.of().formatHex(Files.readAllBytes(store().weightsFile(run.id()))));
    }
    Study detailed = withoutAnalyses(DETAILED);
    assertThat(Planner.of(store(), 2).plan(detailed).evaluations()).hasSize(4);
    run(detailed);
    for (RunSpec run : plain.runs()) {
      assertThat(store().readExamples(run.id())).isPresent();
      assertThat(store().readGallery(run.id()).orElseThrow().sheets()).hasSize(5);
      assertThat(store().read(run.id()).orElseThrow().evaluation()).isEqualTo(DETAILED);
      assertThat(HexFormat.of().formatHex(Files.readAllBytes(store().weightsFile(run.id()))))
          .isEqualTo(weights.get(run.id().hex()));
    }
    assertThat(Planner.of(store(), 2).plan(plain).isToDo()).as("less was asked").isFalse();
    Files.delete(store().detailFile(Detail.LATENT_PLANE, plain.runs().getFirst().id()));
    assertThat(Planner.of(store(), 2).plan(detailed).evaluations())
        .containsExactly(plain.runs().getFirst());
  }
}
