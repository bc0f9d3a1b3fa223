package org.ratescope.sweep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.ratescope.analysis.DataAnalyst;
import org.ratescope.io.lease.Lease;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.DataRecord;
import org.ratescope.results.Version;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.Subset;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Analysis;
import org.ratescope.study.Suite;
import org.ratescope.tensor.Libtorch;

/** The work on one analysis of the data: compute it and write a data record. */
final class DataTasks implements Task {
  private final DatasetContext workplace;
  private final Analysis analysis;
  private final long size;
  private final LongConsumer done;
  private final DamagedFiles damaged;
  private long counted;

  private DataTasks(
      DatasetContext workplace,
      Analysis analysis,
      long size,
      LongConsumer done,
      DamagedFiles damaged) {
    this.workplace = workplace;
    this.analysis = analysis;
    this.size = size;
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
    Map<Analysis, Long> sizes = new LinkedHashMap<>();
    analyses.forEach(one -> sizes.put(one, size(one, workplaces)));
    long total = sizes.values().stream().mapToLong(size -> size).sum();
    String what = "analyses of the data" + (total > sizes.size() ? ", images" : "");
    AtomicLong done = new AtomicLong();
    LongConsumer tell =
        more -> progress.accept(new ProgressEvent.Preparing(what, done.addAndGet(more), total));
    if (!analyses.isEmpty()) {
      tell.accept(0);
    }
    List<DataTasks> work = new ArrayList<>();
    sizes.forEach(
        (analysis, size) -> {
          DatasetContext workplace = Objects.requireNonNull(workplaces.get(analysis.data()));
          DamagedFiles damaged = new DamagedFiles(workplace.store(), progress::note);
          work.add(new DataTasks(workplace, analysis, size, tell, damaged));
        });
    return work;
  }

  /** The number of images whose neighbours an analysis searches; 1 for those that take no time. */
  private static long size(Analysis analysis, Map<DataSpec, DatasetContext> workplaces) {
    if (!(analysis instanceof Analysis.Neighbours neighbours)) {
      return 1;
    }
    DatasetContext workplace = Objects.requireNonNull(workplaces.get(analysis.data()));
    int test = workplace.images().partition(neighbours.split()).size(Subset.TEST);
    return Math.max(1, Math.min(neighbours.examples(), test));
  }

  @Override
  public List<String> names() {
    return List.of(RecordStore.leaseName(analysis));
  }

  @Override
  public int carryOut(Lease lease, boolean waited) throws IOException {
    if (!waited || missing(List.of(analysis), workplace.store(), note -> {}).size() == 1) {
      answer();
    }
    lease.done(RecordStore.leaseName(analysis));
    done.accept(size - counted);
    counted = size;
    return 0;
  }

  private void count(int images) {
    if (counted + images < size) { // the record comes with the last image
      counted += images;
      done.accept(images);
    }
  }

  private void answer() throws IOException {
    Libtorch.useOneThread();
    damaged.data(analysis);
    DataAnalyst analyst = DataAnalyst.of(workplace.images(), workplace.pool());
    workplace.write(
        new DataRecord(
            analysis,
            workplace.images().sha256(),
            Version.RATESCOPE,
            analyst.answer(analysis, this::count)));
  }
}
