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
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A suite: studies whose runs are planned, carried out and drawn together. A run that several
 * studies declare is one run, evaluated as all of them ask. A single study is a suite of one.
 */
public final class Suite {
  private final String name;
  private final String title;
  private final Optional<String> profile;
  private final List<Study> studies;
  private final List<String> leftOut;
  private final Map<RunSpec, List<Study>> owners; // in order of first declaration

  private Suite(
      String name,
      String title,
      Optional<String> profile,
      List<Study> studies,
      List<String> leftOut) {
    this.name = name;
    this.title = title;
    this.profile = profile;
    this.studies = List.copyOf(studies);
    this.leftOut = List.copyOf(leftOut);
    this.owners = owners(studies);
  }

  /**
   * A suite of several studies.
   *
   * @param name used for folders, as a study's name is
   * @param title one line for people
   * @param profile the profile the studies were read in, or nothing
   * @param studies the studies, at least one, their names distinct
   * @param leftOut names of studies that lack the profile
   * @throws IllegalArgumentException if a name comes twice, or two studies declare the same run
   *     with different numbers of examples, or two call different images the same
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
    return new Suite(name, title, profile, studies, leftOut);
  }

  /** A data text names no place, so that the runs of two places would have one identity. */
  private static void requireOnePlaceForEachData(List<Study> studies) {
    Map<DataSpec, Study> first = new LinkedHashMap<>();
    for (Study study : studies) {
      Study other = first.putIfAbsent(study.data(), study);
      if (other != null && !place(other).equals(place(study))) {
        throw new IllegalArgumentException(
            "data: studies %s and %s call the images in %s and in %s both %s; give one of them another name (data.name)"
                .formatted(
                    other.name(),
                    study.name(),
                    place(other).map(Path::toString).orElse("no file"),
                    place(study).map(Path::toString).orElse("no file"),
                    study.data().text()));
      }
    }
  }

  /** The file or folder of a study's own images, links followed. */
  private static Optional<Path> place(Study study) {
    Optional<Path> file =
        study.data() instanceof OwnImages own ? own.file() : Optional.<Path>empty();
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

  /** The suite of one study that was read in a profile. */
  public static Suite of(Study study, Optional<String> profile) {
    return new Suite(study.name(), study.title(), profile, List.of(study), List.of());
  }

  private static Map<RunSpec, List<Study>> owners(List<Study> studies) {
    Map<RunSpec, List<Study>> owners = new LinkedHashMap<>();
    for (Study study : studies) {
      for (RunSpec run : study.runs()) {
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

  /** One line for people. */
  public String title() {
    return title;
  }

  /** The profile the studies were read in. */
  public Optional<String> profile() {
    return profile;
  }

  /** The studies, in the suite's order. */
  public List<Study> studies() {
    return studies;
  }

  /** Names of studies that are not here since they lack the profile. */
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

  /** Every run that one of these studies declares, once; of all studies where none is named. */
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

  /** The studies that declare a run, or the run that it repeats; none for other runs. */
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
   * What is estimated for a run: all that the studies which declare it ask for.
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

  /** The run that is made for one that has diverged, where a study that declares it asks so. */
  public Optional<RunSpec> repeatOf(RunSpec diverged) {
    return owners.getOrDefault(diverged, List.of()).stream()
        .flatMap(study -> study.repeatOf(diverged).stream())
        .findFirst();
  }

  /** Whether some study asks for diverged runs to be repeated. */
  public boolean repeatsDiverged() {
    return studies.stream().anyMatch(study -> study.repeatDiverged().isPresent());
  }

  /** The same suite with each study changed; names and runs must stay. */
  public Suite with(UnaryOperator<Study> change) {
    return new Suite(name, title, profile, studies.stream().map(change).toList(), leftOut);
  }
}
