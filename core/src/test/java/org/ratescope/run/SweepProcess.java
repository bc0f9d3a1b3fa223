package org.ratescope.run;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ratescope.lease.Pace;
import org.ratescope.record.RecordStore;
import org.ratescope.record.RunRecord;
import org.ratescope.study.RunSpec;
import org.ratescope.study.Study;

/**
 * A real process that carries out a small study, with a checkpoint every few milliseconds, and
 * writes what it does to a log: {@code began RUN}, {@code recorded RUN}, {@code note ...}.
 */
record SweepProcess(Process process, Path log) {
  /** What a process is told, in the order of its arguments. */
  record Order(
      List<Double> betas,
      int iterations,
      int workers,
      Shard shard,
      int beatMillis,
      int patienceMillis) {

    Order(List<Double> betas, int iterations, int workers) {
      this(betas, iterations, workers, Shard.WHOLE, 500, 10_000);
    }

    Order shard(int number, int count) {
      return new Order(
          betas, iterations, workers, new Shard(number, count), beatMillis, patienceMillis);
    }

    Order pace(int beat, int patience) {
      return new Order(betas, iterations, workers, shard, beat, patience);
    }

    Order workers(int other) {
      return new Order(betas, iterations, other, shard, beatMillis, patienceMillis);
    }

    Study study() {
      return SmallStudy.of(betas, iterations);
    }

    List<String> arguments() {
      return List.of(
          String.join(",", betas.stream().map(String::valueOf).toList()),
          Integer.toString(iterations),
          Integer.toString(workers),
          shard.number() + "/" + shard.count(),
          Integer.toString(beatMillis),
          Integer.toString(patienceMillis));
    }

    static Order of(List<String> arguments) {
      return new Order(
          Arrays.stream(arguments.get(0).split(",")).map(Double::valueOf).toList(),
          Integer.parseInt(arguments.get(1)),
          Integer.parseInt(arguments.get(2)),
          Shard.parse(arguments.get(3)),
          Integer.parseInt(arguments.get(4)),
          Integer.parseInt(arguments.get(5)));
    }
  }

  static SweepProcess start(Path results, Path cache, Order order, String... jvm)
      throws IOException {
    Path log = Files.createTempFile("sweep", ".log");
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
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
              .checkpointEvery(Duration.ofMillis(20))
              .pace(
                  new Pace(
                      Duration.ofMillis(order.beatMillis()),
                      Duration.ofMillis(order.patienceMillis())));
      Planner planner = Planner.of(store, order.workers()).shard(order.shard());
      try (PrintWriter log = new PrintWriter(Files.newBufferedWriter(Path.of(args[2])), true)) {
        (order.shard().count() > 1 ? runner.withoutWaiting() : runner)
            .complete(order.study(), planner, new Log(log));
      }
    }
  }

  private record Log(PrintWriter out) implements Progress {
    @Override
    public void preparing(String what, long done, long total) {}

    @Override
    public void begin(Plan plan) {
      out.println("plan of " + plan.runsToTrain());
    }

    @Override
    public void started(List<RunSpec> runs) {
      runs.forEach(run -> out.println("began " + run.id()));
    }

    @Override
    public void advanced(long modelSteps) {}

    @Override
    public void recorded(RunRecord record) {
      out.println("recorded " + record.id());
    }

    @Override
    public void note(String message) {
      out.println("note " + message);
    }
  }

  int exit() throws InterruptedException {
    if (!process.waitFor(3, TimeUnit.MINUTES)) {
      throw new AssertionError("process %d does not end".formatted(process.pid()));
    }
    return process.exitValue();
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

  /** Content of all records and weights, by name; nothing else may lie beside them. */
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
