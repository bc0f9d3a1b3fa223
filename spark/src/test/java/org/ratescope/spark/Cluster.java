package org.ratescope.spark;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A standalone Spark cluster on the loopback interface: a master and workers of one core each, all
 * processes of their own, whose executors have the class path of the tests.
 */
final class Cluster implements AutoCloseable {
  private static final Pattern ADDRESS =
      Pattern.compile("Starting Spark master at (spark://127\\.0\\.0\\.1:\\d+)");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final String address;

  private Cluster(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    home(folder);
    Process master =
        start(
            "master",
            "org.apache.spark.deploy.master.Master",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--webui-port",
            "0");
    this.address = await(master, ADDRESS).group(1);
  }

  /**
   * Starts a master and that many workers. All their files are in a folder of the build, where they
   * stay until the next start, to be looked at when a test fails.
   */
  static Cluster start(String name, int workers) throws IOException, InterruptedException {
    Path folder = Path.of("target", name).toAbsolutePath();
    if (Files.exists(folder)) {
      try (Stream<Path> old = Files.walk(folder)) {
        for (Path file : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    Cluster cluster = new Cluster(folder);
    for (int i = 0; i < workers; i++) {
      cluster.addWorker();
    }
    return cluster;
  }

  /** The master's address. */
  String address() {
    return address;
  }

  /** Starts one more worker, and waits until the master knows it. */
  Process addWorker() throws IOException, InterruptedException {
    Process worker =
        start(
            "worker-" + processes.size(),
            "org.apache.spark.deploy.worker.Worker",
            "--host",
            "127.0.0.1",
            "--cores",
            "1",
            "--memory",
            "2g",
            "--webui-port",
            "0",
            "--work-dir",
            folder.resolve("work-" + processes.size()).toString(),
            address);
    Matcher unused = await(worker, Pattern.compile("Successfully registered with master"));
    return worker;
  }

  /** The process of a worker, counted from 0. */
  Process worker(int i) {
    return processes.get(i + 1);
  }

  /** Settings with which a driver finds the cluster. */
  Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("spark.master", address);
    settings.put("spark.driver.host", "127.0.0.1");
    settings.put("spark.driver.bindAddress", "127.0.0.1");
    settings.put("spark.executor.memory", "700m");
    settings.put("spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    settings.put("spark.executor.extraClassPath", System.getProperty("java.class.path"));
    return settings;
  }

  /** Starts a driver: a main class with two folders and the settings as arguments. */
  Process driver(Class<?> main, Path results, Path cache) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.add("@" + Path.of("src/assembly/java.options").toAbsolutePath());
    command.addAll(
        List.of("-Xmx512m", "-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(results.toString(), cache.toString()));
    settings().forEach((key, value) -> command.add(key + "=" + value));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("driver.log").toFile())
        .start();
  }

  /** Spark looks for its jars in the folder jars of its home. */
  private static void home(Path folder) throws IOException {
    Path jars = Files.createDirectories(folder.resolve("home/jars"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path jar = Path.of(entry);
      if (entry.endsWith(".jar")) {
        Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
      }
    }
  }

  private Process start(String name, String main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.add("@" + Path.of("src/assembly/java.options").toAbsolutePath());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-Dspark.master.rest.enabled=false",
            "-cp",
            folder.resolve("home/jars") + "/*",
            main));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(folder.toFile());
    builder.environment().put("SPARK_HOME", folder.resolve("home").toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_LOCAL_DIRS", folder.resolve("scratch").toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.redirectErrorStream(true).redirectOutput(log(name).toFile()).start();
    processes.add(process);
    return process;
  }

  private Path log(String name) {
    return folder.resolve(name + ".log");
  }

  /** Waits until a process has said that. */
  private Matcher await(Process process, Pattern words) throws IOException, InterruptedException {
    int number = processes.indexOf(process);
    Path log = log(number == 0 ? "master" : "worker-" + number);
    long patience = System.nanoTime() + PATIENCE.toNanos();
    while (process.isAlive() && System.nanoTime() < patience) {
      Matcher found = words.matcher(Files.readString(log));
      if (found.find()) {
        return found;
      }
      Thread.sleep(50);
    }
    throw new IOException("no '%s' in %s:%n%s".formatted(words, log, Files.readString(log)));
  }

  @Override
  public void close() throws InterruptedException {
    for (Process process : processes.reversed()) {
      List<ProcessHandle> children = process.descendants().toList();
      process.destroyForcibly().waitFor();
      children.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
