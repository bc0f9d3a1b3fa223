package org.ratescope.spark;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.data.CustomImages;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Detail;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;
import org.ratescope.train.Cohort;

/**
 * The description of a task for an executor: only texts, which have the same meaning on every
 * machine.
 *
 * @param number its number in the plan
 * @param kind the kind of work
 * @param runs the runs, in the order of the cohort
 * @param place the file or folder of a user's own images, which the text of a run does not contain;
 *     empty for other data
 * @param imagesSha256 SHA-256 of the driver's images; an executor with other images refuses the
 *     task
 */
record CohortTaskDescription(
    int number, Kind kind, List<RunText> runs, String place, String imagesSha256)
    implements Serializable {
  CohortTaskDescription {
    runs = List.copyOf(runs);
  }

  /** The kind of work. */
  enum Kind {
    /** Train, evaluate and record. */
    TRAIN,
    /** Evaluate stored weights again. */
    EVALUATE
  }

  /**
   * A run as text.
   *
   * @param canonical its canonical text
   * @param wanted whether its record is missing; the other runs are trained with it so that the
   *     bits are identical
   * @param estimators the estimators
   * @param examples number of examples of each subset
   * @param details names of the details of single examples to store
   */
  record RunText(
      String canonical, boolean wanted, List<String> estimators, int examples, List<String> details)
      implements Serializable {
    RunText {
      estimators = List.copyOf(estimators);
      details = List.copyOf(details);
    }

    static RunText of(RunSpec run, boolean wanted, Evaluation evaluation) {
      return new RunText(
          run.canonical(),
          wanted,
          evaluation.estimators(),
          evaluation.examples(),
          evaluation.details().stream().map(Detail::text).toList());
    }

    RunSpec run() {
      return RunSpec.parse(canonical);
    }

    Evaluation evaluation() {
      return new Evaluation(estimators, examples, details.stream().map(Detail::parse).toList());
    }
  }

  /** The task of training a cohort. */
  static CohortTaskDescription training(
      int number, Cohort cohort, Set<RunId> wanted, Suite suite, String imagesSha256) {
    List<RunText> runs = new ArrayList<>(cohort.size());
    for (RunSpec run : cohort.runs()) {
      runs.add(RunText.of(run, wanted.contains(run.id()), suite.evaluation(run)));
    }
    return new CohortTaskDescription(
        number, Kind.TRAIN, runs, placeOf(cohort.first().data()), imagesSha256);
  }

  /** The task of evaluating a run again. */
  static CohortTaskDescription evaluation(
      int number, RunSpec run, Suite suite, String imagesSha256) {
    return new CohortTaskDescription(
        number,
        Kind.EVALUATE,
        List.of(RunText.of(run, true, suite.evaluation(run))),
        placeOf(run.data()),
        imagesSha256);
  }

  private static String placeOf(DataSpec data) {
    return data instanceof CustomImages own
        ? own.file().map(file -> file.toAbsolutePath().toString()).orElse("")
        : "";
  }

  Cohort cohort() {
    return new Cohort(runs.stream().map(RunText::run).map(this::placed).toList());
  }

  private RunSpec placed(RunSpec run) {
    return run.data() instanceof CustomImages own && !place.isEmpty()
        ? run.data(own.at(Path.of(place)))
        : run;
  }

  /** The runs whose records are missing. */
  Set<RunId> wanted() {
    Set<RunId> wanted = new HashSet<>();
    runs.stream().filter(RunText::wanted).forEach(text -> wanted.add(text.run().id()));
    return wanted;
  }

  /** The runs as a suite of studies of one run each, which define their estimates. */
  Suite suite() {
    List<Study> studies = new ArrayList<>(runs.size());
    for (int k = 0; k < runs.size(); k++) {
      studies.add(study("run-" + k, placed(runs.get(k).run()), runs.get(k).evaluation()));
    }
    return Suite.of("cohort", "A cohort", Optional.empty(), studies, List.of());
  }

  private static Study study(String name, RunSpec run, Evaluation evaluation) {
    return new Study(
        name,
        "One run",
        run.data(),
        List.of(run.split()),
        List.of(run.architecture()),
        List.of(run.latentSize()),
        List.of(run.likelihood()),
        List.of(run.prior()),
        List.of(run.objective()),
        1,
        run.seed(),
        List.of(run.training()),
        Optional.empty(),
        evaluation,
        List.of(),
        List.of());
  }
}
