package org.ratescope.cli.study;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.plan.Plan;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Analysis;
import org.ratescope.study.Suite;

/**
 * The end of a call that trains or evaluates: the status of the study, and the results that are
 * still missing.
 *
 * @param status the status of the study
 * @param lacking a line for each kind of missing result
 */
public record SweepEnd(StudyStatus status, List<String> lacking) {
  private static final int NAMED = 5;

  public SweepEnd {
    lacking = List.copyOf(lacking);
  }

  /**
   * The end of a call that was to carry out all that a study, or a part of it, declares.
   *
   * @param left the remaining work
   */
  static SweepEnd ofRun(Suite suite, RecordStore store, Plan left) {
    List<String> lacking = new ArrayList<>();
    Set<RunId> missing = left.wanted();
    if (!missing.isEmpty()) {
      lacking.add(
          "%s runs are missing (%s): the same command trains them"
              .formatted(missing.size(), names(missing.stream())));
    }
    if (!left.evaluations().isEmpty()) {
      lacking.add(
          "%s runs lack estimates or details (%s): the same command computes them"
              .formatted(
                  left.evaluations().size(), names(left.evaluations().stream().map(RunSpec::id))));
    }
    long unanswered = unanswered(suite, store);
    if (unanswered > 0) {
      lacking.add(
          "%s analyses of the data are missing: the same command computes them"
              .formatted(unanswered));
    }
    return new SweepEnd(StudyStatus.of(suite, store).in(store.root()), lacking);
  }

  /**
   * The end of a call that was to evaluate stored weights.
   *
   * @param last the last plan, whose notes name the runs that could not be evaluated
   */
  static SweepEnd ofEvaluation(Suite suite, RecordStore store, Plan last) {
    List<String> lacking =
        last.notes().isEmpty()
            ? List.of()
            : List.of(
                "%s runs were not evaluated, since their weights are missing or their records are damaged: 'ratescope run' with the same study and --check trains them again"
                    .formatted(last.notes().size()));
    return new SweepEnd(StudyStatus.of(suite, store).in(store.root()), lacking);
  }

  /** The same with another line before the others. */
  SweepEnd saying(String line) {
    return new SweepEnd(status, Stream.concat(Stream.of(line), lacking.stream()).toList());
  }

  private static String names(Stream<RunId> runs) {
    List<String> all = runs.map(RunId::hex).toList();
    String some = all.stream().limit(NAMED).collect(Collectors.joining(", "));
    return all.size() > NAMED ? some + ", ..." : some;
  }

  /** Number of data analyses without a readable record. */
  private static long unanswered(Suite suite, RecordStore store) {
    Set<Analysis> asked = new LinkedHashSet<>();
    suite.studies().forEach(study -> asked.addAll(Analysis.of(study)));
    return asked.stream().filter(analysis -> !isAnswered(analysis, store)).count();
  }

  private static boolean isAnswered(Analysis analysis, RecordStore store) {
    try {
      return store.read(analysis).isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  /** The exit code of a call that trains; prints the missing results on {@code err}. */
  public int codeOfRun(PrintWriter err) {
    int code = codeOfEvaluation(err);
    return status.troubles().isEmpty() ? code : ExitCode.FAILED;
  }

  /** The exit code of a call that evaluates, for which unfinished runs do not matter. */
  public int codeOfEvaluation(PrintWriter err) {
    lacking.forEach(line -> err.println("ratescope: " + line));
    err.flush();
    return lacking.isEmpty() ? ExitCode.SUCCESS : ExitCode.FAILED;
  }
}
