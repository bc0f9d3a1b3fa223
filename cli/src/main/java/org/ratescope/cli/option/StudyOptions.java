package org.ratescope.cli.option;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.UsageException;
import org.ratescope.estimate.Estimators;
import org.ratescope.figure.Figure;
import org.ratescope.page.Report;
import org.ratescope.results.store.RecordStore;
import org.ratescope.study.StudyFile;
import org.ratescope.study.Suite;
import org.ratescope.study.SuiteFolder;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The study or suite, its profile, and the folder of its results. */
public final class StudyOptions {
  private static final String PLUGINS = "plugins";

  private final Environment surroundings;

  @Parameters(
      paramLabel = "STUDY",
      description = {
        "A study file, a folder of study files (a suite),",
        "or the name of a built-in one: quickstart, paper."
      })
  private String study = "";

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "Use this profile of the study file, or of each file of a suite.")
  private @Nullable String profile;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      defaultValue = "results",
      description = "Folder of records, weights and reports (default: ${DEFAULT-VALUE}).")
  private Path results = Path.of("results");

  @Mixin private final PluginsOption plugins;

  public StudyOptions(Environment surroundings) {
    this(surroundings, new PluginsOption());
  }

  private StudyOptions(Environment surroundings, PluginsOption plugins) {
    this.surroundings = surroundings;
    this.plugins = plugins;
  }

  /** The same as if these options had been given. */
  public StudyOptions(
      Environment surroundings, String study, @Nullable String profile, Path results) {
    this(surroundings, study, profile, results, new PluginsOption());
  }

  /** The same with the user's estimators. */
  public StudyOptions(
      Environment surroundings,
      String study,
      @Nullable String profile,
      Path results,
      PluginsOption plugins) {
    this(surroundings, plugins);
    this.study = study;
    this.profile = profile;
    this.results = results;
  }

  /** Reads the study file, or the folder of a suite. */
  public Suite read() throws IOException {
    Path place = place();
    return Files.isDirectory(place)
        ? SuiteFolder.read(place, profile, vocabulary())
        : Suite.of(StudyFile.read(place, profile, vocabulary()), Optional.ofNullable(profile));
  }

  /** The study file or folder; a name without such a file is looked up among the built-in ones. */
  private Path place() {
    Path place = Path.of(study);
    boolean byName = study.matches("[A-Za-z0-9_-]+") && !isStudy(place);
    return byName ? surroundings.bundled(study).orElse(place) : place;
  }

  /** A folder with the name of a built-in suite but without study files does not count. */
  private static boolean isStudy(Path place) {
    return Files.isRegularFile(place) || Files.exists(place.resolve(SuiteFolder.FILE));
  }

  /** The estimators that this study can request. */
  public Estimators estimators() throws IOException {
    return plugins.estimators();
  }

  /** The jars beside the study that this call does not load: their code may be a stranger's. */
  private String hint() throws IOException {
    Path folder = beside(PLUGINS);
    if (plugins.isGiven() || !Files.isDirectory(folder)) {
      return "";
    }
    List<String> jars = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*.jar")) {
      entries.forEach(jar -> jars.add(String.valueOf(jar.getFileName())));
    }
    return jars.isEmpty()
        ? ""
        : "; %s beside the study may have it: '--plugins %s' loads that code, if you trust it"
            .formatted(
                jars.stream().sorted().collect(Collectors.joining(", ", PLUGINS + "/", "")),
                folder);
  }

  /** The names of estimators and figures that this study can use. */
  public StudyFile.Vocabulary vocabulary() throws IOException {
    List<String> figures = new ArrayList<>(Figure.builtIn());
    figures.addAll(Figure.names(figureFolder()));
    return new StudyFile.Vocabulary(
        estimators().names(), figures.stream().distinct().sorted().toList(), hint());
  }

  /** The folder of the user's figures, which need not exist. */
  public Path figureFolder() {
    return beside("figures");
  }

  /** The folder of the user's claims, which need not exist. */
  public Path claimFolder() {
    return beside("claims");
  }

  private Path beside(String folder) {
    Path place = place().toAbsolutePath();
    return Files.isDirectory(place) ? place.resolve(folder) : place.resolveSibling(folder);
  }

  public RecordStore store() {
    return store(results);
  }

  /**
   * The results in a folder, which need not exist.
   *
   * @throws UsageException if it, or a folder above it, is a link to a missing target
   */
  public static RecordStore store(Path results) {
    for (Path place = results.toAbsolutePath(); place != null; place = place.getParent()) {
      if (Files.isSymbolicLink(place) && !Files.exists(place)) {
        throw new UsageException(
            "--results %s: %s is a link to a folder that does not exist (%s): create that folder, correct the link, or name another folder"
                .formatted(results, place, target(place)));
      }
    }
    return RecordStore.at(results);
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "unknown";
    }
  }

  /**
   * The results of an earlier call.
   *
   * @throws UsageException if the folder does not exist
   */
  public RecordStore existingStore() {
    RecordStore store = store();
    if (!Files.isDirectory(results)) {
      throw new UsageException(
          "--results: got \"%s\"; expected a folder of results written by 'ratescope run', which does not exist"
              .formatted(results));
    }
    return store;
  }

  /** The figures to draw if none is named: those of a report. */
  public List<String> figures(Suite read) {
    return Report.figures(read, figureFolder());
  }

  /**
   * The folder of the figures and the report; its name also contains the suite's profile, if there
   * is one.
   */
  public Path folder(Suite read) {
    String profile = read.isSingle() ? "" : read.profile().map(name -> "-" + name).orElse("");
    return results.resolve(read.name() + profile);
  }
}
