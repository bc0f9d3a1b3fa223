package org.ratescope.cli.option;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.UsageException;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.estimate.Estimators;
import org.ratescope.plan.CohortLimits;
import org.ratescope.plan.Planner;
import org.ratescope.results.store.RecordStore;
import org.ratescope.sweep.LocalRunner;
import org.ratescope.sweep.RemoteEngine;
import org.ratescope.sweep.Runner;
import picocli.CommandLine.Option;

/** Where runs are carried out: on this machine, or by an engine on others. */
public final class EngineOptions {
  private static final String LOCAL = "local";
  private static final String SPARK = "spark";
  private static final String MASTER = "spark.master";

  private final Environment surroundings;

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      defaultValue = LOCAL,
      description = "local: this machine; spark: an Apache Spark cluster, see docs/cluster.md.")
  private String engine = LOCAL;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "The Spark master, for example spark://host:7077, yarn or local[2].")
  private @Nullable String master;

  @Option(
      names = "--spark-conf",
      paramLabel = "KEY=VALUE",
      description = "A setting of Spark; may be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--ship",
      description =
          "The machines share no folders: send images to the executors, and receive records and"
              + " weights from them.")
  private boolean ship;

  @Option(
      names = "--gpu-memory",
      paramLabel = "GIB",
      description =
          "Memory of each GPU that the cluster assigns to a task; it limits the number of models"
              + " trained together (default: tasks compute on cores).")
  private int gpuMemory;

  public EngineOptions(Environment surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * The requested runner.
   *
   * @throws UsageException if the engine is unknown or not installed, or an option needs another
   */
  public Runner runner(
      RecordStore store,
      ImageLibrary library,
      Estimators estimators,
      WorkersOption workers,
      DeviceOption device,
      SweepOptions sweep) {
    if (engine.equals(LOCAL)) {
      requireNoClusterOptions();
      LocalRunner local = LocalRunner.of(store, library).estimators(estimators);
      return sweep.applyTo(device.applyTo(local.workers(device.workers(workers))));
    }
    if (library.hasOtherCatalogue()) {
      throw new UsageException(
          "--catalogue with --engine %s; expected its entries in datasets.yaml in the data folder, which Ratescope sends to the executors"
              .formatted(engine));
    }
    if (!estimators.equals(Estimators.standard())) {
      throw new UsageException(
          "--plugins with --engine %s; expected jars in the class path of the driver and the executors, for example spark.jars, see docs/cluster.md"
              .formatted(engine));
    }
    if (!device.get().isCpu()) {
      throw new UsageException(
          "--device has no effect with --engine %s: an executor computes on the GPU that the cluster assigns to its task, see docs/cluster.md"
              .formatted(engine));
    }
    RemoteEngine remote = find();
    if (!workers.isGiven()) {
      throw new UsageException(
          "--engine %s needs --workers N, the number of cohorts that the cluster trains at the same time: its cores or GPUs"
              .formatted(engine));
    }
    Map<String, String> all = new LinkedHashMap<>(settings);
    if (master != null) {
      all.put(MASTER, master);
    }
    try {
      return remote.runner(store, library, all, !ship, sweep.allowedFailures());
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /** The same planner for cohorts of the cluster's devices. */
  public Planner applyTo(Planner planner) {
    if (gpuMemory < 0) {
      throw new UsageException(
          "--gpu-memory: got %s; expected at least 1 GiB".formatted(gpuMemory));
    }
    return gpuMemory == 0
        ? planner
        : planner.stacking(CohortLimits.ofMemory((long) gpuMemory << 30));
  }

  private void requireNoClusterOptions() {
    String given = given();
    if (!given.isEmpty()) {
      throw new UsageException("%s has no effect without --engine spark".formatted(given));
    }
  }

  /** The first given option about clusters, or nothing. */
  private String given() {
    if (master != null) {
      return "--master";
    }
    if (!settings.isEmpty()) {
      return "--spark-conf";
    }
    if (ship) {
      return "--ship";
    }
    return gpuMemory != 0 ? "--gpu-memory" : "";
  }

  private RemoteEngine find() {
    Optional<RemoteEngine> found =
        ServiceLoader.load(RemoteEngine.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(remote -> remote.name().equals(engine))
            .findFirst();
    return found.orElseThrow(
        () ->
            new UsageException(
                engine.equals(SPARK)
                    ? "--engine spark needs Spark's jars, which are not in %s: unpack ratescope-spark-*.tar beside this release"
                        .formatted(surroundings.home().resolve(SPARK))
                    : "--engine: got \"%s\"; expected %s or %s".formatted(engine, LOCAL, SPARK)));
  }
}
