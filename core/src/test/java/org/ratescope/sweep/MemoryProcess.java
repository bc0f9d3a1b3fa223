package org.ratescope.sweep;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Split;
import org.ratescope.study.Study;

/**
 * A separate process that carries out a study and records its memory repeatedly. Its heap has a
 * fixed size and is touched at the beginning, so that its resident set grows by native memory only.
 */
final class MemoryProcess {
  private static final int SAMPLES = 24;
  static final int RESOLUTION = 4;

  private MemoryProcess() {}

  /** The study. */
  enum Work {
    /**
     * One small cohort for a long time, in which a loss of a few hundred bytes for each step would
     * show.
     */
    STEPS(8, 4, 20_000, 1, 16),

    /** Two hundred small cohorts. */
    COHORTS(8, 100, 200, 200, 16),

    /** One cohort for a while, whose activations have 128 KiB each. */
    QUICK_STEPS(128, 2, 600, 1, 64),

    /** Twelve cohorts, each of whose larger parameters has 1.5 MiB. */
    QUICK_COHORTS(8192, 6, 20, 12, 16),

    /**
     * Two hundred cohorts, each of networks with another width: no two have tensors of the same
     * shape.
     */
    SHAPES(16, 2, 100, 200, 16),

    /** Twenty-four of them, with fewer steps. */
    QUICK_SHAPES(16, 1, 10, 24, 16);

    private final int width;
    private final int betas;
    private final int iterations;
    private final int cohorts;
    private final int batch;

    Work(int width, int betas, int iterations, int cohorts, int batch) {
      this.width = width;
      this.betas = betas;
      this.iterations = iterations;
      this.cohorts = cohorts;
      this.batch = batch;
    }

    private boolean countsCohorts() {
      return cohorts > 1;
    }

    private boolean variesShapes() {
      return this == SHAPES || this == QUICK_SHAPES;
    }

    private List<Architecture> architectures() {
      return IntStream.range(0, variesShapes() ? cohorts : 1)
          .mapToObj(i -> Architecture.parse("mlp:1x" + (width + i)))
          .toList();
    }

    /**
     * The number of workers for which the planner divides the study into that number of cohorts.
     */
    private int planned() {
      return variesShapes() ? 1 : cohorts;
    }

    /** Steps or cohorts. */
    private int amount() {
      return countsCohorts() ? cohorts : iterations;
    }

    private Study study() {
      List<Double> values = new ArrayList<>();
      for (int i = 1; i <= betas; i++) {
        values.add(i / 16.0);
      }
      Study study = SmallStudy.batch(batch, SmallStudy.of("small", RESOLUTION, values, iterations));
      return SmallStudy.varied(
          study,
          List.of(new Split.Default()), // a second one adds its rows when its first run begins
          architectures(),
          List.of(2));
    }
  }

  /**
   * The memory of the process at one moment.
   *
   * @param resident its resident set, in bytes
   * @param pointers native bytes that Java objects own
   * @param heap used heap after a collection
   */
  record Sample(long resident, long pointers, long heap) {
    private static Sample now() throws IOException {
      System.gc();
      System.gc(); // objects that the first collection found unreachable are deallocated by then
      return new Sample(
          residentBytes(),
          Pointer.totalBytes(),
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    private static long residentBytes() throws IOException {
      try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
        String line = lines.filter(l -> l.startsWith("VmRSS:")).findFirst().orElseThrow();
        return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }

    private String text() {
      return "%d %d %d".formatted(resident, pointers, heap);
    }

    private static Sample parse(String line) {
      String[] numbers = line.split(" ", -1);
      return new Sample(
          Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
    }
  }

  /**
   * The samples of a process that did that work; the first quarter of it is a warm-up. The C
   * library is set to a fixed threshold for returning blocks to the system: otherwise it adapts to
   * freed blocks, and keeps tens of MB of them.
   *
   * @param leakedBytes native memory that the process loses deliberately with each step or cohort
   */
  static List<Sample> samples(Work work, Path folder, Path cache, int leakedBytes)
      throws Exception {
    Path log = folder.resolve("samples");
    ProcessBuilder builder =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xms256m",
                "-Xmx256m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                work.name(),
                folder.toString(),
                cache.toString(),
                log.toString(),
                Integer.toString(leakedBytes))
            .redirectErrorStream(true)
            .redirectOutput(Redirect.INHERIT);
    builder.environment().put("MALLOC_MMAP_THRESHOLD_", "131072");
    Process process = builder.start();
    if (!process.waitFor(10, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("%s takes more than ten minutes".formatted(work));
    }
    if (process.exitValue() != 0) {
      throw new AssertionError("%s ended with %d".formatted(work, process.exitValue()));
    }
    try (Stream<String> lines = Files.lines(log)) {
      return lines.map(Sample::parse).toList();
    }
  }

  /**
   * The growth of a quantity in MiB: its minimum in the last third minus that in the first. Memory
   * that one collection leaves for the next, or that a cohort uses for some time, does not count.
   */
  static double growth(List<Sample> samples, ToLongFunction<Sample> quantity) {
    int third = samples.size() / 3;
    long before = least(samples.subList(0, third), quantity);
    long after = least(samples.subList(samples.size() - third, samples.size()), quantity);
    return (after - before) / (double) (1 << 20);
  }

  private static long least(List<Sample> samples, ToLongFunction<Sample> quantity) {
    return samples.stream().mapToLong(quantity).min().orElseThrow();
  }

  /** The process. */
  static final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
      Work work = Work.valueOf(args[0]);
      Path folder = Path.of(args[1]);
      RecordStore store = RecordStore.at(folder.resolve("results"));
      try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(Path.of(args[3])), true)) {
        LocalRunner.of(store, Path.of(args[2]))
            .workers(1)
            .complete(
                work.study(),
                Planner.of(store, work.planned()),
                new Sampling(work, Integer.parseInt(args[4]), out));
      }
    }
  }

  /** Takes samples on the training thread, at equal intervals after the warm-up. */
  private static final class Sampling implements Progress {
    private final Work work;
    private final int leakedBytes;
    private final PrintWriter out;
    private final List<ByteBuffer> leak = new ArrayList<>();
    private int done;
    private int taken;

    private Sampling(Work work, int leakedBytes, PrintWriter out) {
      this.work = work;
      this.leakedBytes = leakedBytes;
      this.out = out;
    }

    private void count() {
      done++;
      if (leakedBytes > 0) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(leakedBytes);
        bytes.put(leakedBytes - 1, (byte) 1);
        leak.add(bytes);
      }
      int warmUp = work.amount() / 4;
      int next = warmUp + (taken + 1) * (work.amount() - warmUp) / SAMPLES;
      if (done >= next && taken < SAMPLES) {
        taken = Math.max(taken + 1, (done - warmUp) * SAMPLES / (work.amount() - warmUp));
        try {
          out.println(Sample.now().text());
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    @Override
    public void accept(ProgressEvent event) {
      switch (event) {
        case ProgressEvent.SweepStarted sweepStarted -> {
          if (sweepStarted.plan().cohorts().size() != work.cohorts) {
            throw new IllegalStateException(
                "%d cohorts".formatted(sweepStarted.plan().cohorts().size()));
          }
        }
        case ProgressEvent.RunsStarted ignored -> {
          if (work.countsCohorts()) {
            count();
          }
        }
        case ProgressEvent.StepsMade ignored -> {
          if (!work.countsCohorts()) {
            count();
          }
        }
        default -> {}
      }
    }
  }
}
