package org.ratescope.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;

class SparkEngineTest {
  private static final String CLASS_PATH =
      String.join(
          File.pathSeparator,
          "/r/lib/ratescope-core-1.jar",
          "/r/lib/duckdb_jdbc-1.jar",
          "/r/lib/pytorch-2-linux-x86_64.jar",
          "/r/lib/jackson-core-2.jar",
          "/r/spark/jars/jackson-core-2.jar",
          "/r/spark/jars/ratescope-spark-1.jar",
          "/r/spark/jars/spark-core_2.13-4.jar");

  @Test
  void executorsAreSentTheJarsTheyNeed() {
    String jars =
        SparkEngine.complete(Map.of("spark.master", "spark://h:7077"), CLASS_PATH)
            .getOrDefault("spark.jars", "");
    assertThat(jars.split(",", -1))
        .containsExactly(
            "file:///r/lib/jackson-core-2.jar",
            "file:///r/lib/pytorch-2-linux-x86_64.jar",
            "file:///r/lib/ratescope-core-1.jar",
            "file:///r/spark/jars/ratescope-spark-1.jar");
  }

  @Test
  void jarsOfPlugInsAreSentBesideThem() {
    String jars =
        SparkEngine.complete(
                Map.of("spark.master", "spark://h:7077", "spark.jars", "/p/own.jar"), CLASS_PATH)
            .getOrDefault("spark.jars", "");
    assertThat(jars).startsWith("/p/own.jar,file:///r/lib/").contains("ratescope-core-1.jar");
  }

  @Test
  void whoeverSaysWhereTheJarsAreIsSentNone() {
    for (Map<String, String> settings :
        List.of(
            Map.of("spark.master", "local[2]"),
            Map.of("spark.master", "yarn", "spark.executor.extraClassPath", "/opt/r/lib/*"))) {
      assertThat(SparkEngine.complete(settings, CLASS_PATH)).isEqualTo(settings);
    }
  }

  @Test
  void aMasterIsNeeded() {
    assertThatThrownBy(() -> SparkEngine.complete(Map.of(), CLASS_PATH))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("--engine spark needs --master URL, for example spark://host:7077");
  }

  @Test
  void theJavaOptionsAreThoseThatSparkAsksFor() throws Exception {
    assertThat(Files.readAllLines(Path.of("src/assembly/java.options")))
        .filteredOn(line -> !line.startsWith("#"))
        .containsExactly(JavaModuleOptions.defaultModuleOptionArray());
  }

  /** A jar of Spark's and one of ours may be the same, but not two versions of one. */
  @Test
  void theClassPathHasOneVersionOfEach() {
    Map<Path, Set<Path>> versions = new HashMap<>(); // by the repository's folder of the artifact
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (entry.endsWith(".jar")) {
        Path version = Path.of(entry).resolve("..").normalize();
        versions.computeIfAbsent(version.resolveSibling(""), a -> new HashSet<>()).add(version);
      }
    }
    assertThat(versions).hasSizeGreaterThan(100);
    assertThat(versions.values()).allSatisfy(different -> assertThat(different).hasSize(1));
    assertThat(versions.keySet()).anyMatch(artifact -> artifact.endsWith("jackson-databind"));
  }
}
