package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ratescope.plan.Plan;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.Split;
import org.ratescope.study.Detail;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/**
 * Files of a results folder that are damaged, or belong to another run: they are renamed, never
 * deleted, and the same call writes the same bytes again.
 */
class DamagedResultsTest {
  private static final Evaluation ASKED =
      new Evaluation(List.of("distortion", "rate"), 50, List.of(Detail.MEMORISATION));
  private static final Study STUDY =
      onSmallHalves(SmallStudy.of(List.of(0.01, 0.1, 1.0), 20, 1e-3, ASKED));
  private static final List<String> FOLDERS = List.of("records", "weights", "details/memorisation");

  @TempDir static Path shared;

  private static Map<String, String> whole;

  @TempDir Path results;

  private final List<String> notes = new ArrayList<>();

  @BeforeAll
  static void runUndisturbed() throws Exception {
    RecordStore store = RecordStore.at(shared.resolve("undisturbed"));
    Plan left =
        LocalRunner.of(store, SharedCache.folder())
            .complete(STUDY, Planner.of(store, 2), Progress.SILENT);
    assertThat(left.isToDo()).isFalse();
    whole = contents(store.root());
    assertThat(whole).hasSize(3 * 6);
  }

  /** Files of results by name. */
  private static Map<String, String> contents(Path root) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    for (String folder : FOLDERS) {
      if (Files.isDirectory(root.resolve(folder))) {
        try (Stream<Path> files = Files.list(root.resolve(folder))) {
          for (Path file : files.toList()) {
            contents.put(
                folder + "/" + file.getFileName(),
                new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
          }
        }
      }
    }
    return contents;
  }

  /** A copy of the finished results. */
  private RecordStore finished() throws IOException {
    for (Map.Entry<String, String> file : whole.entrySet()) {
      Path copy = results.resolve(file.getKey());
      Files.createDirectories(copy.getParent());
      Files.write(copy, file.getValue().getBytes(StandardCharsets.ISO_8859_1));
    }
    return RecordStore.at(results);
  }

  private LocalRunner runner(RecordStore store) {
    return LocalRunner.of(store, SharedCache.folder()).workers(2);
  }

  private Progress telling() {
    return new Telling(notes);
  }

  private record Telling(List<String> notes) implements Progress {
    @Override
    public void accept(ProgressEvent event) {
      switch (event) {
        case ProgressEvent.Note note -> {
          synchronized (notes) {
            notes.add(note.message());
          }
        }
        default -> {}
      }
    }
  }

  private static Study onSmallHalves(Study s) {
    return SmallStudy.varied(
        s, List.of(new Split.ConstantVolume(0.05)), s.architectures(), s.latentSizes());
  }

  private static RunId run(int number) {
    return STUDY.runs().get(number).id();
  }

  /** Kinds of damage. */
  enum Damage {
    EMPTY {
      @Override
      byte[] of(byte[] file, byte[] other) {
        return new byte[0];
      }
    },
    CUT {
      @Override
      byte[] of(byte[] file, byte[] other) {
        return Arrays.copyOf(file, file.length / 2);
      }
    },
    CUT_BY_ONE {
      @Override
      byte[] of(byte[] file, byte[] other) {
        return Arrays.copyOf(file, file.length - 4);
      }
    },
    FLIPPED {
      @Override
      byte[] of(byte[] file, byte[] other) {
        byte[] flipped = file.clone();
        flipped[file.length * 3 / 4] ^= 2;
        return flipped;
      }
    },
    GARBAGE {
      @Override
      byte[] of(byte[] file, byte[] other) {
        byte[] garbage = new byte[500];
        Arrays.fill(garbage, (byte) '[');
        return garbage;
      }
    },
    ANOTHER_RUNS {
      @Override
      byte[] of(byte[] file, byte[] other) {
        return other;
      }
    };

    abstract byte[] of(byte[] file, byte[] other);
  }

  /** Damages a file; returns its content. */
  private static String damage(Damage damage, Path file, Path other) throws IOException {
    byte[] before = Files.readAllBytes(file);
    byte[] after = damage.of(before, Files.readAllBytes(other));
    assertThat(after).isNotEqualTo(before);
    Files.write(file, after);
    return new String(after, StandardCharsets.ISO_8859_1);
  }

  /** Everything is unchanged except one renamed file, which a line names. */
  private void assertMadeAgain(Path file, String damaged) throws IOException {
    String aside = results.relativize(file) + ".damaged-1";
    Map<String, String> expected = new TreeMap<>(whole);
    expected.put(aside, damaged);
    assertThat(contents(results)).isEqualTo(expected);
    assertThat(notes.toString())
        .contains(file.toString())
        .contains("(renamed to %s.damaged-1)".formatted(file.getFileName()));
  }

  @ParameterizedTest
  @EnumSource
  void aDamagedRecordIsReplaced(Damage damage) throws Exception {
    RecordStore store = finished();
    Path file = store.recordFile(run(1));
    String damaged = damage(damage, file, store.recordFile(run(4)));
    Plan left = runner(store).complete(STUDY, Planner.of(store, 2), telling());
    assertThat(left.isToDo()).isFalse();
    assertMadeAgain(file, damaged);
  }

  @ParameterizedTest
  @EnumSource(names = {"CUT", "FLIPPED", "ANOTHER_RUNS"}) // more in WeightsTest
  void checkReplacesDamagedWeights(Damage damage) throws Exception {
    RecordStore store = finished();
    Path file = store.weightsFile(run(1));
    String damaged = damage(damage, file, store.weightsFile(run(4)));
    Plan left = runner(store).complete(STUDY, Planner.of(store, 2).checkingWeights(), telling());
    assertThat(left.isToDo()).isFalse();
    assertMadeAgain(file, damaged);
  }

  /** The evaluation trains the run again, and writes no values of another run into a record. */
  @ParameterizedTest
  @EnumSource(names = {"CUT", "FLIPPED", "ANOTHER_RUNS"}) // more in WeightsTest
  void evaluateReplacesDamagedWeights(Damage damage) throws Exception {
    RecordStore store = finished();
    Path file = store.weightsFile(run(1));
    String damaged = damage(damage, file, store.weightsFile(run(4)));
    Study asked = STUDY.evaluation(new Evaluation(ASKED.estimators(), 50));
    Plan last = runner(store).evaluate(Suite.of(asked), Planner.of(store, 2), telling());
    assertThat(last.notes()).isEmpty();
    assertThat(notes.toString()).contains("have been renamed: it is trained again");
    assertMadeAgain(file, damaged);
  }

  @Test
  void missingWeightsAreReportedAndReplacedByCheck() throws Exception {
    RecordStore store = finished();
    Files.delete(store.weightsFile(run(1)));
    Plan last = runner(store).evaluate(Suite.of(STUDY), Planner.of(store, 2), telling());
    assertThat(last.notes())
        .containsExactly(
            "the weights of run %s are missing: it is not evaluated".formatted(run(1)));
    assertThat(store.weightsFile(run(1))).doesNotExist();
    Plan left = runner(store).complete(STUDY, Planner.of(store, 2).checkingWeights(), telling());
    assertThat(left.isToDo()).isFalse();
    assertThat(contents(results)).isEqualTo(whole);
  }

  @ParameterizedTest
  @EnumSource
  void damagedDetailsAreReplaced(Damage damage) throws Exception {
    RecordStore store = finished();
    Path file = store.detailFile(Detail.MEMORISATION, run(1));
    String damaged = damage(damage, file, store.detailFile(Detail.MEMORISATION, run(4)));
    Plan left = runner(store).complete(STUDY, Planner.of(store, 2), telling());
    assertThat(left.isToDo()).isFalse();
    assertMadeAgain(file, damaged);
  }
}
