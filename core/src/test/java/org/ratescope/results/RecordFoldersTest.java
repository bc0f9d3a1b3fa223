package org.ratescope.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Analysis;

/** The names of a results folder, by which leases and unfinished files are cleared up. */
class RecordFoldersTest {
  @TempDir Path root;

  private static void create(Path file) throws Exception {
    Files.createDirectories(file.getParent());
    Files.createFile(file);
  }

  @Test
  void theNameOfALeaseFindsItsRecord() throws Exception {
    RecordStore store = RecordStore.at(root);
    RunId run = RunId.of("a run");
    Analysis analysis = new Analysis.Samples(DataSpec.Tetrominoes.published());
    String name = RecordStore.leaseName(analysis);
    assertThat(List.of(run.hex(), name)).noneMatch(store::isRecorded);
    create(store.recordFile(run));
    assertThat(store.isRecorded(run.hex())).isTrue();
    assertThat(store.isRecorded(name)).isFalse();
    create(store.dataFile(analysis));
    assertThat(store.isRecorded(name)).isTrue();
  }

  @Test
  void theFoldersOfFittedPriorsAreListed() throws Exception {
    RecordStore store = RecordStore.at(root);
    Path fitted = store.priorFile("mixture:64", RunId.of("a run"));
    assertThat(store.folders()).doesNotContain(fitted.getParent());
    create(fitted);
    assertThat(store.folders())
        .contains(fitted.getParent(), store.recordFile(RunId.of("a run")).getParent());
  }
}
