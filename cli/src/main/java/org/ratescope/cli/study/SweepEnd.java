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
 * How a call that trains or evaluates has ended: what has become of the study, and what it should
 * have left and did not.
 *
 * @param status what has become of the study
 * @param lacking a line for each kind of thing that is not there
 */
public record SweepEnd(StudyStatus status, List<String> lacking) {
  private static final int NAMED = 5;

  public SweepEnd {
    lacking = List.copyOf(lacking);
  }

  /**
   * The end of a call that was to do all that a study, or a part of it, declares.
   *
   * @param left what is still to be done
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
          "%s analyses of the data are missing: the same command computes them".formatted(unanswered));
    }
    return new SweepEnd(StudyStatus.of(suite, store), lacking);
  }

  /**
   * The end of a call that was to evaluate kept weights.
   *
   * @param last the last plan, whose notes say what could not be evaluated
   */
  static SweepEnd ofEvaluation(Suite suite, RecordStore store, Plan last) {
    List<String> lacking =
        last.notes().isEmpty()
            ? List.of()
            : List.of(
                "%s runs were not evaluated, since their weights are missing or their records are damaged: 'ratescope run' with the same study and --check trains them again"
                    .formatted(last.notes().size()));
    return new SweepEnd(StudyStatus.of(suite, store), lacking);
  }

  private static String names(Stream<RunId> runs) {
    List<String> all = runs.map(RunId::hex).toList();
    String some = all.stream().limit(NAMED).collect(Collectors.joining(", "));
    return all.size() > NAMED ? some + ", ..." : some;
  }

  /** How many questions about the data have no answer that can be read. */
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

  /** The code of a call that was to train; what is lacking is told on {@code err}. */
  int codeOfRun(PrintWriter err) {
    int code = codeOfEvaluation(err);
    return status.troubles().isEmpty() ? code : ExitCode.FAILED;
  }

  /** The code of a call that was to evaluate, which runs that did not finish do not concern. */
  public int codeOfEvaluation(PrintWriter err) {
    lacking.forEach(line -> err.println("ratescope: " + line));
    err.flush();
    return lacking.isEmpty() ? ExitCode.SUCCESS : ExitCode.FAILED;
  }
}
