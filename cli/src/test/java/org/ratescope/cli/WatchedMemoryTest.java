package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.spec.data.DataSpec;

/**
 * A sweep whose cohorts all have tensors of other shapes, with {@code --serve} and {@code
 * --tensorboard}, in a process of its own, while clients ask for the page and disconnect: memory,
 * threads and open files stay as they are.
 */
@Timeout(900)
class WatchedMemoryTest {
  /** Growth that is noise, in KiB: allocators and what the clients of a moment hold. */
  private static final long NOISE = 3 << 10;

  /** What the page keeps of each run, its point with settings and estimates, in KiB. */
  private static final int KEPT = 2;

  /** Those of the process itself, and one for each of the 64 connections. */
  private static final int MOST_THREADS = 110;

  /** Libraries and jars, and the connections; event files are open while they are written. */
  private static final int MOST_FILES = 200;

  private static final int SAMPLES = 24;

  @TempDir Path folder;

  /** The process has no optimising compiler, and would take a minute. */
  @BeforeAll
  static void render() throws IOException {
    DataSpec data = DataSpec.parse("tetrominoes:resolution=4");
    assertThat(ImageLibrary.at(SharedCache.folder()).open(data, BuildListener.SILENT).spec())
        .isEqualTo(data);
  }

  @BeforeEach
  void requireProc() {
    assumeThat(Files.exists(Path.of("/proc/self/status")))
        .as("skipped: /proc tells resident memory, and is not here")
        .isTrue();
  }

  @Test
  void aWatchedSweepOfManyShapesNeedsConstantMemory() throws Exception {
    requireSteady(30, 20);
  }

  /** Long: minutes of training. */
  @Test
  @Tag("long")
  void aLongWatchedSweepOfManyShapesNeedsConstantMemory() throws Exception {
    requireSteady(200, 20);
  }

  private void requireSteady(int cohorts, int iterations) throws Exception {
    List<Sample> samples = samples(cohorts, iterations);
    String told = samples.toString();
    assertThat(samples).as(told).hasSizeGreaterThan(8);
    assertThat(growth(samples, Sample::resident)).as("KiB resident: %s", told).isLessThan(NOISE);
    assertThat(growth(samples, Sample::heap))
        .as("KiB of heap: %s", told)
        .isLessThan(NOISE + 4L * cohorts * KEPT);
    assertThat(samples)
        .as(told)
        .allSatisfy(sample -> assertThat(sample.threads).isLessThan(MOST_THREADS))
        .allSatisfy(sample -> assertThat(sample.files).isLessThan(MOST_FILES));
  }

  /** By how much a quantity grew: its least value in the last third less that in the first. */
  private static long growth(List<Sample> samples, ToLongFunction<Sample> quantity) {
    int third = samples.size() / 3;
    return least(samples.subList(samples.size() - third, samples.size()), quantity)
        - least(samples.subList(0, third), quantity);
  }

  private static long least(List<Sample> samples, ToLongFunction<Sample> quantity) {
    return samples.stream().mapToLong(quantity).min().orElseThrow();
  }

  private List<Sample> samples(int cohorts, int iterations) throws Exception {
    String widths =
        IntStream.range(0, cohorts)
            .mapToObj(i -> "mlp:1x" + (16 + i))
            .collect(Collectors.joining(", "));
    Path study =
        Files.writeString(
            folder.resolve("watched.yaml"),
            """
            name: watched
            data: {set: tetrominoes, resolution: 4}
            splits: [cv:0.5]
            architectures: [%s]
            latent: 2
            objective: {beta: [0.1, 1]}
            restarts: 2
            training: {iterations: %d, batch: 16}
            evaluation: {examples: 64}
            """
                .formatted(widths, iterations));
    Path log = folder.resolve("samples");
    File err = folder.resolve("err").toFile();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms256m",
                "-Xmx256m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Sampled.class.getName(),
                log.toString(),
                folder.resolve("results/records").toString(),
                Integer.toString(4 * cohorts),
                "run",
                study.toString(),
                "--workers",
                "1",
                "--results",
                folder.resolve("results").toString(),
                "--cache",
                SharedCache.folder().toString(),
                "--serve",
                "0",
                "--tensorboard",
                folder.resolve("board").toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(err)
            .start();
    try {
      visit(process, err.toPath());
      assertThat(process.waitFor()).as(Files.readString(err.toPath())).isZero();
    } finally {
      process.destroyForcibly();
    }
    try (Stream<String> lines = Files.lines(log)) {
      return lines.map(Sample::parse).toList();
    }
  }

  /** Asks for the page and the state, and leaves the stream of events, until the process ends. */
  private static void visit(Process process, Path err) throws Exception {
    Pattern page = Pattern.compile("live page: (http://127\\.0\\.0\\.1:\\d+/)");
    Optional<URI> address = Optional.empty();
    while (process.isAlive()) {
      if (address.isEmpty()) {
        Matcher matcher = page.matcher(Files.readString(err));
        address = matcher.find() ? Optional.of(URI.create(matcher.group(1))) : Optional.empty();
      } else {
        for (String path : List.of("/", "/state.json", "/events", "/events", "/nothing")) {
          ask(address.get(), path);
        }
      }
      Thread.sleep(10);
    }
  }

  /** Reads the beginning of an answer, then disconnects. */
  private static void ask(URI page, String path) {
    try (Socket socket = new Socket(page.getHost(), page.getPort())) {
      String request =
          "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n".formatted(path, page.getPort());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      in.readNBytes(100);
    } catch (IOException e) {
      // the sweep may just have ended
    }
  }

  /**
   * What the process held at one moment.
   *
   * @param resident its resident set, in KiB
   * @param heap used heap after a collection, in KiB
   * @param files open files
   */
  record Sample(long resident, long heap, long threads, long files) {
    private static Sample parse(String line) {
      String[] n = line.split(" ", -1);
      return new Sample(
          Long.parseLong(n[0]), Long.parseLong(n[1]), Long.parseLong(n[2]), Long.parseLong(n[3]));
    }

    static Sample now() {
      System.gc();
      System.gc(); // what the first found unreachable is deallocated by then
      long files = Objects.requireNonNull(Path.of("/proc/self/fd").toFile().list()).length;
      return new Sample(
          status("VmRSS:"),
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024,
          status("Threads:"),
          files);
    }

    private static long status(String key) {
      try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
        String line = lines.filter(l -> l.startsWith(key)).findFirst().orElseThrow();
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String text() {
      return "%d %d %d %d".formatted(resident, heap, threads, files);
    }
  }

  /**
   * The program, with a thread that writes a sample at equal numbers of records, after a quarter of
   * them.
   */
  static final class Sampled {
    private Sampled() {}

    public static void main(String[] args) throws Exception {
      Path records = Path.of(args[1]);
      int runs = Integer.parseInt(args[2]);
      PrintWriter out = new PrintWriter(Files.newBufferedWriter(Path.of(args[0])), true);
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                for (int taken = 0; taken < SAMPLES; ) {
                  if (count(records) >= runs / 4 + taken * (runs - runs / 4) / SAMPLES) {
                    out.println(Sample.now().text());
                    taken++;
                  }
                }
              });
      Main.main(Arrays.copyOfRange(args, 3, args.length));
    }

    private static int count(Path records) {
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      String[] names = records.toFile().list();
      return names == null ? 0 : names.length;
    }
  }
}
