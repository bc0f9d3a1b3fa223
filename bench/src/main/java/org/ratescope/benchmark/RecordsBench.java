package org.ratescope.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ratescope.figure.Figure;
import org.ratescope.figure.FigureException;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.StudyFile.Vocabulary;
import org.ratescope.study.Suite;
import org.ratescope.study.SuiteFolder;

/**
 * How long the tables of all the paper's runs and a figure from them take. The records are
 * stand-ins: each run of the profile {@code paper} is given the contents of a run that the profile
 * {@code mini} of the same study has finished, so that sizes are real and numbers mean nothing.
 * They go into a folder of their own, which a figure for reading must not be drawn from.
 */
public final class RecordsBench {
  private RecordsBench() {}

  /**
   * Writes the stand-ins where there are none, and prints one line for each measurement.
   *
   * @param arguments the suite's folder, the results of its profile mini, a folder for stand-ins
   */
  public static void main(String[] arguments) throws IOException, FigureException {
    if (arguments.length != 3) {
      throw new IllegalArgumentException("arguments: SUITE MINI_RESULTS STAND_INS");
    }
    Path folder = Path.of(arguments[0]);
    Suite suite = SuiteFolder.read(folder, "paper", Vocabulary.OPEN);
    RecordStore store = RecordStore.at(Path.of(arguments[2]));
    int written = write(suite, contents(folder, RecordStore.at(Path.of(arguments[1]))), store);
    System.out.printf("%,d runs, %,d stand-ins written%n", suite.runs().size(), written);
    Figure figure = Figure.find("3", folder.resolve("figures"));
    for (int round = 1; round <= 3; round++) {
      long start = System.nanoTime();
      try (Records records = Records.open(suite, store)) {
        double opened = seconds(start);
        figure.draw(suite, records);
        System.out.printf("tables %.2f s, figure 3 after %.2f s%n", opened, seconds(start));
      }
    }
  }

  /** Finished records of the profile mini, by study. */
  private static List<List<RunRecord>> contents(Path folder, RecordStore mini) throws IOException {
    List<List<RunRecord>> byStudy = new ArrayList<>();
    for (Study study : SuiteFolder.read(folder, "mini", Vocabulary.OPEN).studies()) {
      List<RunRecord> finished = new ArrayList<>();
      for (RunSpec run : study.runs()) {
        Optional<RunRecord> record = mini.read(run.id());
        record.filter(r -> r.outcome() instanceof Outcome.Finished).ifPresent(finished::add);
      }
      byStudy.add(finished);
    }
    return byStudy;
  }

  private static int write(Suite suite, List<List<RunRecord>> contents, RecordStore store)
      throws IOException {
    List<RunRecord> all = contents.stream().flatMap(List::stream).toList();
    int written = 0;
    for (int s = 0; s < suite.studies().size(); s++) {
      List<RunRecord> own = contents.get(s).isEmpty() ? all : contents.get(s);
      for (RunSpec run : suite.studies().get(s).runs()) {
        if (store.summary(run.id()).isEmpty()) {
          store.write(standIn(run, own.get(written++ % own.size())));
        }
      }
    }
    return written;
  }

  private static RunRecord standIn(RunSpec run, RunRecord contents) {
    return new RunRecord(
        run,
        contents.outcome(),
        contents.evaluation(),
        contents.estimates(),
        contents.trace(),
        contents.pictures(),
        contents.provenance());
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
