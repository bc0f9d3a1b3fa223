package org.ratescope.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.io.lease.HeartbeatConfig;
import org.ratescope.plan.Plan;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.sweep.LocalRunner;
import org.ratescope.sweep.PreparedPlan;
import org.ratescope.sweep.Runner;
import org.ratescope.train.Cohort;

/**
 * Carries out a plan on Apache Spark: the driver plans, builds the images and computes analyses of
 * the data; a task is a cohort. There is no shuffle, and Spark stores nothing: a run is finished if
 * it has a record, so another driver resumes after a lost one.
 */
public final class SparkRunner implements Runner {
  private final RecordStore store;
  private final ImageLibrary library;
  private final Map<String, String> settings;
  private final boolean apart;
  private final ExecutorPace pace;
  private final int allowedFailures;

  private SparkRunner(
      RecordStore store,
      ImageLibrary library,
      Map<String, String> settings,
      boolean apart,
      ExecutorPace pace,
      int allowedFailures) {
    this.store = store;
    this.library = library;
    this.settings = Map.copyOf(settings);
    this.apart = apart;
    this.pace = pace;
    this.allowedFailures = allowedFailures;
  }

  /**
   * A runner on machines that have the results folder and the cache folder under the same paths.
   *
   * @param settings settings of Spark, such as {@code spark.master}; they override those that are
   *     chosen here and those of {@code spark-submit}
   */
  public static SparkRunner of(
      RecordStore store, ImageLibrary library, Map<String, String> settings) {
    return new SparkRunner(
        store, library, settings, false, ExecutorPace.STANDARD, Integer.MAX_VALUE);
  }

  /**
   * The same on machines that share no folder: images are sent to executors, which return records
   * and weights. A cohort of a lost executor starts again.
   */
  public SparkRunner apart() {
    return new SparkRunner(store, library, settings, true, pace, allowedFailures);
  }

  /** The same with another interval between checkpoints. */
  public SparkRunner checkpointEvery(Duration interval) {
    return paced(pace.checkpoints(interval));
  }

  /** The same with other heartbeats, which all processes in a results folder must share. */
  public SparkRunner pace(HeartbeatConfig heartbeats) {
    return paced(pace.heartbeats(heartbeats));
  }

  private SparkRunner paced(ExecutorPace other) {
    return new SparkRunner(store, library, settings, apart, other, allowedFailures);
  }

  /** The same, but it stops when more than that number of runs have failed. */
  public SparkRunner allowedFailures(int count) {
    return new SparkRunner(store, library, settings, apart, pace, count);
  }

  @Override
  public int run(Plan plan, Progress progress) throws IOException, InterruptedException {
    PreparedPlan prepared = LocalRunner.of(store, library).prepare(plan, progress);
    int unfinished = apart ? evaluateHere(prepared.plan(), progress) : 0;
    progress.accept(
        new ProgressEvent.SweepStarted(prepared.plan(), Planner.operations(prepared.plan())));
    List<CohortTaskDescription> tasks = tasks(prepared);
    return tasks.isEmpty() ? unfinished : unfinished + carryOut(tasks, prepared, progress);
  }

  /** Stored weights are where no executor can read them. */
  private int evaluateHere(Plan plan, Progress progress) throws IOException, InterruptedException {
    Plan evaluations =
        new Plan(plan.suite(), plan.done(), plan.evaluations(), List.of(), List.of());
    return evaluations.isToDo() ? LocalRunner.of(store, library).run(evaluations, progress) : 0;
  }

  private int carryOut(List<CohortTaskDescription> tasks, PreparedPlan prepared, Progress progress)
      throws IOException, InterruptedException {
    Path links = Files.createTempDirectory("ratescope");
    try (ProgressPlugin.Inbox inbox = new ProgressPlugin.Inbox();
        JavaSparkContext spark = new JavaSparkContext(conf(settings, inbox))) {
      spark.setJobGroup("ratescope", prepared.plan().suite().title(), true);
      CohortTaskFunction call = new CohortTaskFunction(site(prepared, spark, links), pace);
      return new SparkJob(spark, tasks, call, inbox.mail())
          .run(new DriverMessageHandler(tasks, store, progress, allowedFailures));
    } finally {
      delete(links);
    }
  }

  /** The settings, with defaults for those that neither they nor {@code spark-submit} contain. */
  static SparkConf conf(Map<String, String> settings, ProgressPlugin.Inbox inbox) {
    SparkConf conf = new SparkConf();
    settings.forEach(conf::set);
    conf.setIfMissing("spark.app.name", "ratescope");
    conf.setIfMissing("spark.ui.enabled", "false");
    conf.setIfMissing("spark.speculation", "false");
    conf.setIfMissing("spark.task.maxFailures", "8");
    conf.setIfMissing("spark.driver.maxResultSize", "0"); // answers are written when they arrive
    String plugin = ProgressPlugin.class.getName();
    String others = conf.get("spark.plugins", "");
    conf.set("spark.plugins", others.isEmpty() ? plugin : others + "," + plugin);
    conf.set(ProgressPlugin.INBOX, inbox.number());
    return conf;
  }

  private StorageMode site(PreparedPlan prepared, JavaSparkContext spark, Path links)
      throws IOException {
    if (!apart) {
      return new StorageMode.Shared(
          absolute(store.root()), absolute(library.cache()), absolute(library.datasets()));
    }
    ShippedFiles parcels = ShippedFiles.of(prepared.images().values(), library);
    parcels.linkedIn(links).forEach(link -> spark.addFile(link.toUri().toString()));
    return new StorageMode.Apart(parcels.list());
  }

  private static String absolute(Path folder) {
    return folder.toAbsolutePath().normalize().toString();
  }

  /** Cohorts in the order of the plan; then stored weights, if executors can read them. */
  private List<CohortTaskDescription> tasks(PreparedPlan prepared) {
    Plan plan = prepared.plan();
    Set<RunId> wanted = plan.wanted();
    List<CohortTaskDescription> tasks = new ArrayList<>();
    for (Cohort cohort : plan.cohorts()) {
      tasks.add(
          CohortTaskDescription.training(
              tasks.size(), cohort, wanted, plan.suite(), sha256(prepared, cohort.first())));
    }
    for (RunSpec run : apart ? List.<RunSpec>of() : plan.evaluations()) {
      tasks.add(
          CohortTaskDescription.evaluation(tasks.size(), run, plan.suite(), sha256(prepared, run)));
    }
    return tasks;
  }

  private static String sha256(PreparedPlan prepared, RunSpec run) {
    return Objects.requireNonNull(prepared.images().get(run.data())).sha256();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
