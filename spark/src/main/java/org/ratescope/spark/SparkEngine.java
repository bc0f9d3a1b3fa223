package org.ratescope.spark;

import java.io.File;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.results.store.RecordStore;
import org.ratescope.sweep.RemoteEngine;
import org.ratescope.sweep.Runner;

/** The engine {@code spark}, which the command line finds if Spark is on the class path. */
public final class SparkEngine implements RemoteEngine {
  private static final String MASTER = "spark.master";
  private static final String JARS = "spark.jars";
  private static final String CLASS_PATH = "spark.executor.extraClassPath";

  /** Prefixes of the names of the jars that executors need. */
  private static final List<String> EXECUTOR_JARS =
      List.of(
          "ratescope-core-",
          "ratescope-spark-",
          "jackson-",
          "snakeyaml-engine-",
          "jspecify-",
          "javacpp-",
          "imageio-",
          "common-",
          "pytorch-",
          "openblas-",
          "mkl-");

  @Override
  public String name() {
    return "spark";
  }

  @Override
  public Runner runner(
      RecordStore store,
      ImageLibrary library,
      Map<String, String> settings,
      boolean shared,
      int allowedFailures) {
    SparkRunner runner =
        SparkRunner.of(store, library, complete(settings, System.getProperty("java.class.path")))
            .allowedFailures(allowedFailures);
    return shared ? runner : runner.apart();
  }

  /**
   * The settings. If they say nothing of the executors' class path, adds the jars of this process
   * that executors need to those that they name. A local master needs none; {@code spark-submit}
   * sends its own jar.
   */
  static Map<String, String> complete(Map<String, String> settings, String classPath) {
    Map<String, String> complete = new HashMap<>(settings);
    String master = settings.getOrDefault(MASTER, System.getProperty(MASTER, ""));
    if (master.isEmpty()) {
      throw new IllegalArgumentException(
          "--engine spark needs --master URL, for example spark://host:7077, local[2], yarn or"
              + " k8s://https://host:6443");
    }
    boolean sent =
        settings.containsKey(CLASS_PATH)
            || System.getProperty(JARS) != null
            || System.getProperty(CLASS_PATH) != null;
    String jars = executorJars(classPath);
    if (!sent && !master.startsWith("local") && !jars.isEmpty()) {
      complete.merge(JARS, jars, (given, ours) -> given + "," + ours);
    }
    return complete;
  }

  private static String executorJars(String classPath) {
    return Stream.of(classPath.split(File.pathSeparator, -1))
        .filter(entry -> entry.endsWith(".jar"))
        .map(Path::of)
        .filter(jar -> EXECUTOR_JARS.stream().anyMatch(jar.getFileName().toString()::startsWith))
        .collect(
            Collectors.toMap(
                jar -> jar.getFileName().toString(),
                jar -> jar.toAbsolutePath().toUri().toString(),
                (first, second) -> first,
                java.util.TreeMap::new))
        .values()
        .stream()
        .collect(Collectors.joining(","));
  }
}
