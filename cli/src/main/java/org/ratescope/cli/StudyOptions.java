package org.ratescope.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ratescope.estimate.Estimators;
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

  /** Reads the study file; a name without such a file is looked up among those that come along. */
  Study read() throws IOException {
    Path file = Path.of(study);
    Path bundled = surroundings.bundledStudy(study);
    boolean byName = study.matches("[A-Za-z0-9_-]+") && !Files.exists(file);
    return StudyFile.read(byName && Files.exists(bundled) ? bundled : file, profile, vocabulary());
  }

  static StudyFile.Vocabulary vocabulary() {
    return new StudyFile.Vocabulary(Estimators.standard().names(), List.of());
  }

  RecordStore store() {
    return RecordStore.at(results);
  }

  /** The folder of this study's figures and report. */
  Path folder(Study read) {
    return results.resolve(read.name());
  }
}
