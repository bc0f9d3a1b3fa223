package org.ratescope.sweep;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ratescope.io.lease.HeartbeatConfig;
import org.ratescope.plan.Planner;
import org.ratescope.plan.Shard;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.store.RecordStore;
import org.ratescope.study.Study;

/**
 * A real process that carries out a small study, with a checkpoint every few milliseconds, and
 * writes its actions to a log: {@code began RUN}, {@code recorded RUN}, {@code note ...}.
 */
record SweepProcess(Process process, Path log) {
  /** The settings of a process, as words. */
  record Order(Map<String, String> words) {
    Order(List<Double> betas, int iterations, int workers) {
      this(
          Map.of(
              "betas", String.join(",", betas.stream().map(String::valueOf).toList()),
              "iterations", Integer.toString(iterations),
              "workers", Integer.toString(workers),
              "shard", "1/1",
              "beat", "500",
              "patience", "10000",
              "checkpoint", "20",
              "batch", "16",
              "resolution", "4",
              "shapes", "1"));
    }

    private Order with(String word, Object value) {
      Map<String, String> changed = new TreeMap<>(words);
      changed.put(word, value.toString());
      return new Order(changed);
    }

    Order shard(int number, int count) {
      return with("shard", number + "/" + count);
    }

    Order pace(int beatMillis, int patienceMillis) {
      return with("beat", beatMillis).with("patience", patienceMillis);
    }

    Order workers(int other) {
      return with("workers", other);
    }

    Order checkpointMillis(int other) {
      return with("checkpoint", other);
    }

    Order batch(int other) {
      return with("batch", other);
    }

    Order resolution(int other) {
      return with("resolution", other);
    }

    /** Latent sizes from 1 to that number, instead of only 2: each forms separate cohorts. */
    Order shapes(int other) {
      return with("shapes", other);
    }

    private String word(String name) {
      return Objects.requireNonNull(words.get(name));
    }

    private int number(String name) {
      return Integer.parseInt(word(name));
    }

    int workers() {
      return number("workers");
    }

    Study study() {
      List<Double> betas =
          Arrays.stream(word("betas").split(",", -1)).map(Double::valueOf).toList();
      Study study =
          SmallStudy.batch(
              number("batch"),
              SmallStudy.of("small", number("resolution"), betas, number("iterations")));
      List<Integer> shapes = IntStream.rangeClosed(1, number("shapes")).boxed().toList();
      return shapes.size() == 1
          ? study
          : SmallStudy.varied(study, study.splits(), study.architectures(), shapes);
    }

    private List<String> arguments() {
      return words.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    }

    private static Order of(List<String> arguments) {
      Map<String, String> words = new TreeMap<>();
      for (String argument : arguments) {
        String[] parts = argument.split("=", 2);
        words.put(parts[0], parts[1]);
      }
      return new Order(words);
    }
  }

  static SweepProcess start(Path results, Path cache, Order order, String... jvm)
      throws IOException {
    return startLimited("", results, cache, order, jvm);
  }

  /** The same with limits of the shell. */
  static SweepProcess startLimited(
      String limits, Path results, Path cache, Order order, String... jvm) throws IOException {
    Path log = Files.createTempFile("sweep", ".log");
    List<String> command = new ArrayList<>();
    command.addAll(List.of("sh", "-c", limits + "\nexec \"$@\"", "sh"));
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1", // it starts faster, and trains in native code
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of(jvm));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(
        List.of(Main.class.getName(), results.toString(), cache.toString(), log.toString()));
    command.addAll(order.arguments());
    return new SweepProcess(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.DISCARD)
            .start(),
        log);
  }

  /** The process. */
  static final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
      RecordStore store = RecordStore.at(Path.of(args[0]));
      Order order = Order.of(Arrays.asList(args).subList(3, args.length));
      LocalRunner runner =
          LocalRunner.of(store, Path.of(args[1]))
              .workers(order.workers())
              .checkpointEvery(Duration.ofMillis(order.number("checkpoint")))
              .pace(
                  new HeartbeatConfig(
                      Duration.ofMillis(order.number("beat")),
                      Duration.ofMillis(order.number("patience"))));
      Shard shard = Shard.parse(order.word("shard"));
      Planner planner = Planner.of(store, order.workers()).shard(shard);
      try (PrintWriter log = new PrintWriter(Files.newBufferedWriter(Path.of(args[2])), true)) {
        endWithin(4000, Thread.currentThread());
        (shard.count() > 1 ? runner.withoutWaiting() : runner)
            .complete(order.study(), planner, new Log(log));
      } catch (IOException e) {
        Files.writeString(Path.of(args[2]), "failed " + e, StandardOpenOption.APPEND);
        System.exit(1);
      }
    }

    /** Like the command line when the process is told to stop. */
    private static void endWithin(long millis, Thread working) {
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    working.interrupt();
                    try {
                      working.join(millis);
                    } catch (InterruptedException e) {
                      // the process ends
                    }
                  }));
    }
  }

  private record Log(PrintWriter out) implements Progress {
    @Override
    public void accept(ProgressEvent event) {
      switch (event) {
        case ProgressEvent.SweepStarted sweepStarted -> {
          out.println("plan of " + sweepStarted.plan().runsToTrain());
        }
        case ProgressEvent.RunsStarted runsStarted -> {
          runsStarted.runs().forEach(run -> out.println("began " + run.id()));
        }
        case ProgressEvent.RunRecorded runRecorded -> {
          out.println("recorded " + runRecorded.record().id());
        }
        case ProgressEvent.Note note -> {
          out.println("note " + note.message());
        }
        default -> {}
      }
    }
  }

  /**
   * Its exit code. It may compute for 20 minutes of a processor, which take hours of a busy
   * machine, but it must use 10 s of them every 10 minutes.
   */
  int exit() throws InterruptedException {
    Duration before = computed();
    while (!process.waitFor(10, TimeUnit.MINUTES)) {
      Duration now = computed();
      if (now.minus(before).toSeconds() < 10 || now.toMinutes() >= 20) {
        process.destroyForcibly();
        throw new AssertionError(
            "process %d does not end: it used %d s of a processor, %d s of them in the last 10 minutes"
                .formatted(process.pid(), now.toSeconds(), now.minus(before).toSeconds()));
      }
      before = now;
    }
    return process.exitValue();
  }

  private Duration computed() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  List<String> lines(String word) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines
          .filter(line -> line.startsWith(word + " "))
          .map(line -> line.substring(word.length() + 1))
          .toList();
    }
  }

  /** Waits until the log has such a line. */
  void await(String word) throws IOException, InterruptedException {
    while (process.isAlive() && lines(word).isEmpty()) {
      Thread.sleep(10);
    }
  }

  /** Content of all records and weights, by name; there must be no other files beside them. */
  static Map<String, Integer> outcome(Path results) throws IOException {
    Map<String, Integer> content = new TreeMap<>();
    for (String folder : List.of("records", "weights")) {
      try (Stream<Path> files = Files.list(results.resolve(folder))) {
        for (Path file : files.toList()) {
          content.put(folder + "/" + file.getFileName(), Arrays.hashCode(Files.readAllBytes(file)));
        }
      }
    }
    return content;
  }
}
