package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.plan.Plan;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Study;

/** The image cache is overwritten by another program while runs train. */
class ChangedImagesTest {
  @TempDir Path folder;

  @Test
  void recordsOfChangedImagesAreRenamedAndTrainedAgain() throws Exception {
    Study study = SmallStudy.of(List.of(0.1, 1.0), 8);
    RecordStore undisturbed = RecordStore.at(folder.resolve("undisturbed"));
    Path cache = folder.resolve("cache");
    LocalRunner.of(undisturbed, cache).run(Planner.of(undisturbed, 2).plan(study), Progress.SILENT);

    RecordStore store = RecordStore.at(folder.resolve("results"));
    LocalRunner runner = LocalRunner.of(store, cache);
    Plan plan = Planner.of(store, 2).plan(study);
    assertThatThrownBy(() -> runner.run(plan, new Overwriting(cache)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("changed while the runs trained")
        .hasMessageContaining(
            "The %d records of this call were renamed".formatted(study.runs().size()));
    for (RunSpec run : study.runs()) {
      assertThat(store.read(run.id())).isEmpty();
      assertThat(store.recordFile(run.id()).resolveSibling(run.id().hex() + ".json.damaged-1"))
          .isRegularFile();
    }

    assertThat(runner.run(Planner.of(store, 2).plan(study), Progress.SILENT)).isZero();
    for (RunSpec run : study.runs()) {
      assertThat(store.read(run.id()).orElseThrow().estimates())
          .isEqualTo(undisturbed.read(run.id()).orElseThrow().estimates());
    }
  }

  /** Overwrites an image when the first run is recorded. */
  private record Overwriting(Path cache) implements Progress {
    @Override
    public void accept(ProgressEvent event) {
      switch (event) {
        case ProgressEvent.RunRecorded ignored -> {
          try (Stream<Path> files = Files.walk(cache)) {
            Path images =
                files
                    .filter(f -> f.getFileName().toString().startsWith("images."))
                    .findAny()
                    .orElseThrow();
            try (FileChannel channel = FileChannel.open(images, StandardOpenOption.WRITE)) {
              assertThat(channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), 32)).isEqualTo(4);
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
        default -> {}
      }
    }
  }
}
