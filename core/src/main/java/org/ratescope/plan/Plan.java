package org.ratescope.plan;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Suite;
import org.ratescope.train.Cohort;

/**
 * The remaining work of a suite of studies, which may contain one: runs whose records are complete,
 * trained runs without some estimates, and the cohorts that train the rest.
 *
 * @param suite the studies
 * @param done runs without remaining work; some may be in a cohort that is formed again
 * @param evaluations runs whose stored weights are to be evaluated again
 * @param cohorts runs to be trained, in the order in which they start
 * @param notes messages for users, such as a damaged record that is replaced
 */
public record Plan(
    Suite suite,
    List<RunSpec> done,
    List<RunSpec> evaluations,
    List<Cohort> cohorts,
    List<String> notes) {
  public Plan {
    done = List.copyOf(done);
    evaluations = List.copyOf(evaluations);
    cohorts = List.copyOf(cohorts);
    notes = List.copyOf(notes);
  }

  /** All runs of the suite. */
  public int runs() {
    return done.size() + evaluations.size() + runsToTrain();
  }

  /** Whether there is any work. */
  public boolean isToDo() {
    return !cohorts.isEmpty() || !evaluations.isEmpty();
  }

  /** Runs that are to be trained and recorded. */
  public int runsToTrain() {
    return wanted().size();
  }

  /**
   * Runs of the cohorts without a record. The other runs of a cohort are trained again with them,
   * so that the bits are identical, and their records do not change.
   */
  public Set<RunId> wanted() {
    Set<RunId> wanted = new LinkedHashSet<>();
    cohorts.forEach(cohort -> cohort.runs().forEach(run -> wanted.add(run.id())));
    Stream.concat(done.stream(), evaluations.stream()).forEach(run -> wanted.remove(run.id()));
    return wanted;
  }

  /** Number of updates, counted for each model. */
  public long modelSteps() {
    return cohorts.stream().mapToLong(Cohort::modelSteps).sum();
  }

  /** The data sets of the runs that are to be trained or evaluated, in order of first use. */
  public List<DataSpec> data() {
    return Stream.concat(cohorts.stream().map(Cohort::first), evaluations.stream())
        .map(RunSpec::data)
        .distinct()
        .toList();
  }

  /** The part of this plan's work on these data sets. */
  public Plan on(Set<DataSpec> data) {
    return new Plan(
        suite,
        done,
        evaluations.stream().filter(run -> data.contains(run.data())).toList(),
        cohorts.stream().filter(cohort -> data.contains(cohort.first().data())).toList(),
        notes);
  }

  /** The part of this plan's work on these runs; a cohort belongs to its first run. */
  Plan of(Set<RunId> runs) {
    return new Plan(
        suite,
        done,
        evaluations.stream().filter(run -> runs.contains(run.id())).toList(),
        cohorts.stream().filter(cohort -> runs.contains(cohort.first().id())).toList(),
        notes);
  }

  /**
   * This plan without the work that an earlier plan contained and could not carry out. The runs of
   * such evaluations count as done: they are not trained if their cohort is not.
   */
  public Plan beyond(Plan earlier) {
    Set<Cohort> before = new HashSet<>(earlier.cohorts);
    Set<RunSpec> evaluated = new HashSet<>(earlier.evaluations);
    return new Plan(
        suite,
        Stream.concat(done.stream(), evaluations.stream().filter(evaluated::contains)).toList(),
        evaluations.stream().filter(run -> !evaluated.contains(run)).toList(),
        cohorts.stream().filter(cohort -> !before.contains(cohort)).toList(),
        notes.stream().filter(note -> !earlier.notes.contains(note)).toList());
  }

  /** The work of both plans, one after the other. */
  public Plan and(Plan later) {
    return new Plan(
        suite,
        done,
        Stream.concat(evaluations.stream(), later.evaluations.stream()).distinct().toList(),
        Stream.concat(cohorts.stream(), later.cohorts.stream()).distinct().toList(),
        Stream.concat(notes.stream(), later.notes.stream()).distinct().toList());
  }
}
