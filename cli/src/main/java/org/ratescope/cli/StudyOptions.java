package org.ratescope.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ratescope.estimate.Estimators;
import org.ratescope.figure.Figure;
import org.ratescope.record.RecordStore;
import org.ratescope.study.Study;
import org.ratescope.study.StudyFile;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which study, with which profile, and where its results are. */
final class StudyOptions {
  private final Surroundings surroundings;

  @Parameters(
      paramLabel = "STUDY",
      description = "A study file, or the name of one that comes with Ratescope: quickstart.")
  private String study = "";

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "Lay this profile of the study file over it.")
  private @Nullable String profile;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      defaultValue = "results",
      description = "Folder of records, weights and reports (default: ${DEFAULT-VALUE}).")
  private Path results = Path.of("results");

  StudyOptions(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** The same as if these had been given. */
  StudyOptions(Surroundings surroundings, String study, @Nullable String profile, Path results) {
    this(surroundings);
    this.study = study;
    this.profile = profile;
    this.results = results;
  }

  /** Reads the study file. */
  Study read() throws IOException {
    return StudyFile.read(file(), profile, vocabulary());
  }

  /** The study file: a name without such a file is looked up among those that come along. */
  private Path file() {
    Path file = Path.of(study);
    Path bundled = surroundings.bundledStudy(study);
    boolean byName = study.matches("[A-Za-z0-9_-]+") && !Files.isRegularFile(file);
    return byName && Files.exists(bundled) ? bundled : file;
  }

  /** Names of estimators and figures that this study can say. */
  StudyFile.Vocabulary vocabulary() throws IOException {
    List<String> figures = new ArrayList<>(Figure.builtIn());
    if (Files.isDirectory(figureFolder())) {
      try (Stream<Path> own = Files.list(figureFolder())) {
        own.filter(Files::isDirectory).map(f -> f.getFileName().toString()).forEach(figures::add);
      }
    }
    return new StudyFile.Vocabulary(
        Estimators.standard().names(), figures.stream().distinct().sorted().toList());
  }

  /** The folder of a person's own figures, which need not exist. */
  Path figureFolder() {
    return file().toAbsolutePath().resolveSibling("figures");
  }

  RecordStore store() {
    return RecordStore.at(results);
  }

  /** The folder of this study's figures and report. */
  Path folder(Study read) {
    return results.resolve(read.name());
  }
}
