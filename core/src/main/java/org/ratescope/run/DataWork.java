package org.ratescope.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.ratescope.analysis.DataAnalyst;
import org.ratescope.record.DataRecord;
import org.ratescope.record.RecordStore;
import org.ratescope.study.Analysis;
import org.ratescope.study.Study;
import org.ratescope.torch.Engine;

/** The work on one question about the data: find the answer and leave a data record. */
final class DataWork implements Callable<Integer> {
  private final Workplace workplace;
  private final Analysis analysis;
  private final Runnable done;

  private DataWork(Workplace workplace, Analysis analysis, Runnable done) {
    this.workplace = workplace;
    this.analysis = analysis;
    this.done = done;
  }

  /** The study's questions that no kept record answers; a damaged one is noted and made again. */
  static List<Analysis> missing(Study study, RecordStore store, Progress progress) {
    List<Analysis> missing = new ArrayList<>();
    for (Analysis analysis : Analysis.of(study)) {
      try {
        if (store.read(analysis).isEmpty()) {
          missing.add(analysis);
        }
      } catch (IOException e) {
        progress.note("a damaged data record is made again: " + e.getMessage());
        missing.add(analysis);
      }
    }
    return missing;
  }

  /** The work on all those questions, in their order. */
  static List<Callable<Integer>> all(
      Workplace workplace, List<Analysis> analyses, Progress progress) {
    String what = "analyses of the data";
    AtomicInteger done = new AtomicInteger();
    if (!analyses.isEmpty()) {
      progress.preparing(what, 0, analyses.size());
    }
    List<Callable<Integer>> work = new ArrayList<>();
    for (Analysis analysis : analyses) {
      work.add(
          new DataWork(
              workplace,
              analysis,
              () -> progress.preparing(what, done.incrementAndGet(), analyses.size())));
    }
    return work;
  }

  @Override
  public Integer call() throws IOException {
    Engine.useOneThread();
    DataAnalyst analyst = DataAnalyst.of(workplace.images(), workplace.pool());
    workplace
        .store()
        .write(
            new DataRecord(
                analysis,
                workplace.images().sha256(),
                Version.RATESCOPE,
                analyst.answer(analysis)));
    done.run();
    return 0;
  }
}
