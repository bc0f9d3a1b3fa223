package org.ratescope.sweep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.ratescope.analysis.DataAnalyst;
import org.ratescope.io.lease.Lease;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.DataRecord;
import org.ratescope.results.Version;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Analysis;
import org.ratescope.study.Suite;
import org.ratescope.tensor.Libtorch;

/** The work on one analysis of the data: compute it and write a data record. */
final class DataTasks implements Task {
  private final DatasetContext workplace;
  private final Analysis analysis;
  private final Runnable done;
  private final DamagedFiles damaged;

  private DataTasks(
      DatasetContext workplace, Analysis analysis, Runnable done, DamagedFiles damaged) {
    this.workplace = workplace;
    this.analysis = analysis;
    this.done = done;
    this.damaged = damaged;
  }

  /** The suite's analyses without a valid record; a damaged record is noted and replaced. */
  static List<Analysis> missing(Suite suite, RecordStore store, Progress progress) {
    Set<Analysis> asked = new LinkedHashSet<>();
    suite.studies().forEach(study -> asked.addAll(Analysis.of(study)));
    return missing(asked, store, progress::note);
  }

  private static List<Analysis> missing(
      Collection<Analysis> asked, RecordStore store, Consumer<String> notes) {
    List<Analysis> missing = new ArrayList<>();
    for (Analysis analysis : asked) {
      try {
        if (store.read(analysis).isEmpty()) {
          missing.add(analysis);
        }
      } catch (IOException e) {
        notes.accept("a damaged data record, computed again: " + e.getMessage());
        missing.add(analysis);
      }
    }
    return missing;
  }

  /** The work on the analyses whose data set is available, in their order. */
  static List<DataTasks> all(
      Map<DataSpec, DatasetContext> workplaces, List<Analysis> questions, Progress progress) {
    List<Analysis> analyses =
        questions.stream().filter(q -> workplaces.containsKey(q.data())).toList();
    String what = "analyses of the data";
    AtomicInteger done = new AtomicInteger();
    if (!analyses.isEmpty()) {
      progress.accept(new ProgressEvent.Preparing(what, 0, analyses.size()));
    }
    List<DataTasks> work = new ArrayList<>();
    for (Analysis analysis : analyses) {
      DatasetContext workplace = Objects.requireNonNull(workplaces.get(analysis.data()));
      work.add(
          new DataTasks(
              workplace,
              analysis,
              () ->
                  progress.accept(
                      new ProgressEvent.Preparing(what, done.incrementAndGet(), analyses.size())),
              new DamagedFiles(workplace.store(), progress::note)));
    }
    return work;
  }

  @Override
  public List<String> names() {
    return List.of("data-" + analysis.id());
  }

  @Override
  public int carryOut(Lease lease, boolean waited) throws IOException {
    if (!waited || missing(List.of(analysis), workplace.store(), note -> {}).size() == 1) {
      answer();
    }
    lease.done("data-" + analysis.id());
    done.run();
    return 0;
  }

  private void answer() throws IOException {
    Libtorch.useOneThread();
    damaged.data(analysis);
    DataAnalyst analyst = DataAnalyst.of(workplace.images(), workplace.pool());
    workplace
        .store()
        .write(
            new DataRecord(
                analysis,
                workplace.images().sha256(),
                Version.RATESCOPE,
                analyst.answer(analysis)));
  }
}
