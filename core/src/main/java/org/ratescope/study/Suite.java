package org.ratescope.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.ratescope.spec.Precision;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.data.CustomImages;
import org.ratescope.spec.data.DataSpec;

/**
 * A suite: studies whose runs are planned, trained and drawn together. If several studies declare
 * the same run, it is one run, with the estimates that all of them request. A single study is a
 * suite of one.
 */
public final class Suite {
  private final String name;
  private final String title;
  private final Optional<String> profile;
  private final List<Study> studies;
  private final List<String> leftOut;
  private final Predicate<RunSpec> selected;
  private final Map<RunSpec, List<Study>> owners; // in order of first declaration

  private Suite(
      String name,
      String title,
      Optional<String> profile,
      List<Study> studies,
      List<String> leftOut,
      Predicate<RunSpec> selected) {
    this.name = name;
    this.title = title;
    this.profile = profile;
    this.studies = List.copyOf(studies);
    this.leftOut = List.copyOf(leftOut);
    this.selected = selected;
    this.owners = owners(studies, selected);
  }

  /**
   * A suite of several studies.
   *
   * @param name used for folders, like the name of a study
   * @param title one line for readers
   * @param profile the profile with which the studies were read, or nothing
   * @param studies the studies, at least one, with distinct names
   * @param leftOut names of studies that do not have the profile
   * @throws IllegalArgumentException if two studies have the same name, declare the same run with
   *     different numbers of examples, or give different images the same name
   */
  public static Suite of(
      String name,
      String title,
      Optional<String> profile,
      List<Study> studies,
      List<String> leftOut) {
    if (studies.isEmpty()) {
      throw new IllegalArgumentException("a suite must have at least one study, got none");
    }
    LinkedHashSet<String> names = new LinkedHashSet<>();
    for (Study study : studies) {
      if (!names.add(study.name())) {
        throw new IllegalArgumentException("got two studies named '" + study.name() + "'");
      }
    }
    requireOnePlaceForEachData(studies);
    return new Suite(name, title, profile, studies, leftOut, run -> true);
  }

  /** A data text contains no path, so runs on images in two places would have the same identity. */
  private static void requireOnePlaceForEachData(List<Study> studies) {
    Map<DataSpec, Study> first = new LinkedHashMap<>();
    for (Study study : studies) {
      Study other = first.putIfAbsent(study.data(), study);
      if (other != null && !place(other.data()).equals(place(study.data()))) {
        throw new IllegalArgumentException(
            "data: studies %s and %s call the images in %s and in %s both %s; give one of them another name (data.name)"
                .formatted(
                    other.name(),
                    study.name(),
                    place(other.data()).map(Path::toString).orElse("no file"),
                    place(study.data()).map(Path::toString).orElse("no file"),
                    study.data().text()));
      }
    }
  }

  /** The file or folder of the user's own images, with links resolved; nothing of other images. */
  public static Optional<Path> place(DataSpec data) {
    Optional<Path> file = data instanceof CustomImages own ? own.file() : Optional.<Path>empty();
    return file.map(
        given -> {
          try {
            return given.toRealPath();
          } catch (IOException e) {
            return given.toAbsolutePath().normalize();
          }
        });
  }

  /** The suite of one study. */
  public static Suite of(Study study) {
    return of(study, Optional.empty());
  }

  /** The suite of one study that was read with a profile. */
  public static Suite of(Study study, Optional<String> profile) {
    return new Suite(study.name(), study.title(), profile, List.of(study), List.of(), run -> true);
  }

  private static Map<RunSpec, List<Study>> owners(
      List<Study> studies, Predicate<RunSpec> selected) {
    Map<RunSpec, List<Study>> owners = new LinkedHashMap<>();
    for (Study study : studies) {
      for (RunSpec run : study.runs()) {
        if (!selected.test(run)) {
          continue;
        }
        List<Study> others = owners.computeIfAbsent(run, r -> new ArrayList<>(1));
        if (!others.isEmpty()) {
          requireSameExamples(others.getFirst(), study, run);
        }
        others.add(study);
      }
    }
    return owners;
  }

  private static void requireSameExamples(Study first, Study second, RunSpec run) {
    if (first.evaluation().examples() != second.evaluation().examples()) {
      throw new IllegalArgumentException(
          "evaluation.examples: studies %s and %s declare the same run (%s), got %d and %d; expected one number"
              .formatted(
                  first.name(),
                  second.name(),
                  run.canonical(),
                  first.evaluation().examples(),
                  second.evaluation().examples()));
    }
  }

  /** The short name, used for folders. */
  public String name() {
    return name;
  }

  /** One line for readers. */
  public String title() {
    return title;
  }

  /** The profile with which the studies were read. */
  public Optional<String> profile() {
    return profile;
  }

  /** The studies, in the order of the suite. */
  public List<Study> studies() {
    return studies;
  }

  /** Names of studies that are omitted because they do not have the profile. */
  public List<String> leftOut() {
    return leftOut;
  }

  /** Whether this is a single study. */
  public boolean isSingle() {
    return studies.size() == 1 && leftOut.isEmpty() && studies.getFirst().name().equals(name);
  }

  /** Every run once, in order of first declaration. */
  public List<RunSpec> runs() {
    return List.copyOf(owners.keySet());
  }

  /** Every run that one of these studies declares, once; without names, the runs of all studies. */
  public List<RunSpec> runs(Collection<String> names) {
    return names.isEmpty()
        ? runs()
        : owners.entrySet().stream()
            .filter(e -> e.getValue().stream().anyMatch(study -> names.contains(study.name())))
            .map(Map.Entry::getKey)
            .toList();
  }

  /** The data sets, in order of first declaration. */
  public List<DataSpec> data() {
    return studies.stream().map(Study::data).distinct().toList();
  }

  /** The studies that declare a run, or the run that it repeats; empty for other runs. */
  public List<Study> studies(RunSpec run) {
    List<Study> declared = owners.get(run);
    if (declared != null) {
      return List.copyOf(declared);
    }
    return Stream.of(Precision.values())
        .map(run::precision)
        .filter(diverged -> repeatOf(diverged).filter(run::equals).isPresent())
        .findFirst()
        .map(diverged -> List.copyOf(owners.getOrDefault(diverged, List.of())))
        .orElse(List.of());
  }

  /**
   * The estimates of a run: those that all studies which declare it request.
   *
   * @throws IllegalArgumentException if no study declares it
   */
  public Evaluation evaluation(RunSpec run) {
    return studies(run).stream()
        .map(Study::evaluation)
        .reduce(Evaluation::and)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "suite %s has no run %s".formatted(name, run.canonical())));
  }

  /** The run that repeats a diverged one, if a study that declares it requests that. */
  public Optional<RunSpec> repeatOf(RunSpec diverged) {
    return owners.getOrDefault(diverged, List.of()).stream()
        .flatMap(study -> study.repeatOf(diverged).stream())
        .findFirst();
  }

  /** Whether a study requests that diverged runs are repeated. */
  public boolean repeatsDiverged() {
    return studies.stream().anyMatch(study -> study.repeatDiverged().isPresent());
  }

  /** The same suite with each study changed; names and runs must not change. */
  public Suite with(UnaryOperator<Study> change) {
    return new Suite(
        name, title, profile, studies.stream().map(change).toList(), leftOut, selected);
  }

  /** The same suite with only those of its runs that fulfil the condition. */
  public Suite where(Predicate<RunSpec> condition) {
    return new Suite(name, title, profile, studies, leftOut, selected.and(condition));
  }
}
