package org.ratescope.cli.option;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ShellWord;
import org.ratescope.cli.process.UsageException;
import org.ratescope.estimate.Estimators;
import org.ratescope.figure.Figure;
import org.ratescope.page.Report;
import org.ratescope.results.store.RecordArchive;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.text.Wording;
import org.ratescope.study.Overrides;
import org.ratescope.study.StudyFile;
import org.ratescope.study.Suite;
import org.ratescope.study.SuiteFolder;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The study or suite, its profile, and the folder of its results. */
public final class StudyOptions {
  private static final String PLUGINS = "plugins";

  /** The study whose results have a folder of its own, with its name. */
  private static final String QUICKSTART = "quickstart";

  private static final Path USUAL = Path.of("results");

  private static final String NAME = "[A-Za-z0-9_-]+";

  private final Environment surroundings;

  @Parameters(
      paramLabel = "STUDY",
      description =
          "A study file, a folder of study files (a suite), or the name of a built-in one:"
              + " quickstart, paper.")
  private String study = "";

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "Use this profile of the study file, or of each file of a suite.")
  private @Nullable String profile;

  @Mixin private final RunChoice choice;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      description =
          "Folder of records, weights and reports (default: results; of the built-in study"
              + " quickstart: quickstart).")
  private @Nullable Path results;

  @Option(
      names = "--published",
      description =
          "Use the published records in the folder records beside the study files, not your own"
              + " results. They are unpacked to published/ in the results folder.")
  private boolean published;

  private boolean unpacked;

  @Mixin private final PluginsOption plugins;

  public StudyOptions(Environment surroundings) {
    this(surroundings, new RunChoice(), new PluginsOption());
  }

  private StudyOptions(Environment surroundings, RunChoice choice, PluginsOption plugins) {
    this.surroundings = surroundings;
    this.choice = choice;
    this.plugins = plugins;
  }

  /** The same as if these options had been given. */
  public StudyOptions(
      Environment surroundings, String study, @Nullable String profile, @Nullable Path results) {
    this(surroundings, study, profile, results, new RunChoice(), new PluginsOption());
  }

  /** The same with the user's choice of runs and estimators. */
  public StudyOptions(
      Environment surroundings,
      String study,
      @Nullable String profile,
      @Nullable Path results,
      RunChoice choice,
      PluginsOption plugins) {
    this(surroundings, choice, plugins);
    this.study = study;
    this.profile = profile;
    this.results = results;
  }

  /** Reads the study file, or the folder of a suite. */
  public Suite read() throws IOException {
    return choice.where(read(profile));
  }

  /** The same with another profile, without the conditions of {@code --where}. */
  public Suite read(@Nullable String other) throws IOException {
    Path place = place();
    Overrides overrides = choice.overrides();
    if (!Files.exists(place)) {
      throw new UsageException(unknown(place));
    }
    return Files.isDirectory(place)
        ? SuiteFolder.read(place, other, vocabulary(), overrides)
        : Suite.of(
            StudyFile.read(place, other, vocabulary(), overrides), Optional.ofNullable(other));
  }

  /** The profiles of a study file; none of a suite. */
  public List<String> profiles() throws IOException {
    return Files.isDirectory(place()) ? List.of() : StudyFile.profiles(place());
  }

  /** The message for a study that is neither a file nor a built-in one. */
  private String unknown(Path place) {
    if (!study.matches(NAME)) {
      Path folder = place.toAbsolutePath().getParent();
      List<String> near = folder == null ? List.of() : studyFiles(folder);
      return "%s: no such file%s"
          .formatted(place, Wording.didYouMean(String.valueOf(place.getFileName()), near));
    }
    List<String> known = new ArrayList<>(surroundings.bundled());
    known.addAll(studyFiles(Path.of("")));
    return "got study \"%s\"; expected a study file, a folder of study files, or %s%s"
        .formatted(study, String.join(", ", known), Wording.didYouMean(study, known));
  }

  /** Names of the files in a folder that may be studies. */
  private static List<String> studyFiles(Path folder) {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder.toAbsolutePath(), "*.yaml")) {
      List<String> names = new ArrayList<>();
      files.forEach(file -> names.add(String.valueOf(file.getFileName())));
      return names.stream().sorted().toList();
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
  }

  /** The study file or folder; a name without such a file is looked up among the built-in ones. */
  public Path place() {
    Path place = Path.of(study);
    return isByName() ? surroundings.bundled(study).orElse(place) : place;
  }

  private boolean isByName() {
    return study.matches(NAME) && !isStudy(Path.of(study));
  }

  /** The study as the user named it, for the commands that messages suggest. */
  public String words() {
    StringBuilder words = new StringBuilder(ShellWord.quoted(study));
    if (profile != null) {
      words.append(" --profile ").append(ShellWord.quoted(profile));
    }
    words.append(choice.words());
    if (results != null) {
      words.append(" --results ").append(ShellWord.quoted(results.toString()));
    }
    words.append(plugins.words());
    return words.append(published ? " --published" : "").toString();
  }

  /** A folder with the name of a built-in suite but without study files does not count. */
  private static boolean isStudy(Path place) {
    return Files.isRegularFile(place) || SuiteFolder.isSuite(place);
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

  /** What this study can name, from the jars too, which this loads. */
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

  /** The results folder, or with {@code --published} that of the published records. */
  public RecordStore store() {
    RecordStore store = store(results());
    if (published && !unpacked) {
      unpack(store);
      unpacked = true;
    }
    return store;
  }

  /**
   * Checks that the records are the user's own, for a command that writes or deletes records.
   *
   * @throws UsageException with {@code --published}
   */
  public void refusePublished() {
    if (published) {
      throw new UsageException(
          "--published: this command writes results; expected answer, claims, figure, query, report or status");
    }
  }

  /** As if {@code --published} had been given. */
  public void usePublished() {
    published = true;
  }

  /** The folder of the results; with {@code --published} that of the unpacked records. */
  public Path results() {
    Path own = results != null ? results : isQuickstart() ? Path.of(QUICKSTART) : USUAL;
    return published ? own.resolve("published") : own;
  }

  /** Whether this is the built-in study that the command quickstart runs. */
  private boolean isQuickstart() {
    return study.equals(QUICKSTART) && isByName();
  }

  private void unpack(RecordStore store) {
    Path folder = recordFolder();
    try {
      List<Path> archives = RecordArchive.in(folder);
      if (archives.isEmpty()) {
        throw new UsageException(
            "--published: %s has no files *%s; expected those that 'ratescope export-records' writes"
                .formatted(folder, RecordArchive.SUFFIX));
      }
      for (Path archive : archives) {
        RecordArchive.unpack(archive, store);
      }
    } catch (IOException e) {
      throw new UsageException("--published: " + e.getMessage());
    }
  }

  /** The folder of published records beside the study, which need not exist. */
  public Path recordFolder() {
    return beside("records");
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
    if (!Files.isDirectory(results())) {
      throw new UsageException(
          "--results: got \"%s\"; expected a folder of results written by 'ratescope run', which does not exist"
              .formatted(results()));
    }
    return store;
  }

  /**
   * The results for a command that also works without any, for example with the data alone.
   *
   * @throws UsageException if the user named a folder that does not exist
   */
  public RecordStore namedStore() {
    return results == null ? store() : existingStore();
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
    return results().resolve(read.name() + profile);
  }
}
