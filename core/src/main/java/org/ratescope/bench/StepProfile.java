package org.ratescope.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where the time of a training step goes: samples of the training thread's Java stack, each counted
 * for one part of the step and for one call. The step itself has no timers. While native code runs,
 * a sample shows the call that runs it; the virtual machine stops Java code at the end of a method
 * or of a loop's iteration, which does not change the part.
 *
 * @param secondsPerStep processor time of the thread for each step
 * @param samples number of samples, about a thousand a second
 * @param parts shares of the samples, in the order of a step
 * @param calls shares of single calls, by their place in the source, the largest first
 */
public record StepProfile(
    double secondsPerStep, long samples, Map<String, Double> parts, Map<String, Double> calls) {
  private static final String OWN = "org.ratescope.";
  private static final String BINDING = "org.bytedeco.pytorch.";
  private static final int WARM_UP = 50;
  private static final int INTERVAL_MICROSECONDS = 900;

  /**
   * A part of a step.
   *
   * @param type prefix of class names below {@code org.ratescope.}, one of which must be on the
   *     stack
   * @param methods method names, one of which must be on the stack; none if any will do
   */
  private record Part(String name, String type, List<String> methods) {
    boolean holds(StackTraceElement[] stack) {
      return Arrays.stream(stack).anyMatch(frame -> frame.getClassName().startsWith(OWN + type))
          && (methods.isEmpty()
              || Arrays.stream(stack).anyMatch(frame -> methods.contains(frame.getMethodName())));
    }
  }

  private static final String REST = "rest";

  /** The first part that holds a sample counts. */
  private static final List<Part> PARTS =
      List.of(
          new Part("batch: rows and noise", "train.BatchLoader", List.of("send")),
          new Part("batch: images", "train.BatchLoader", List.of()),
          new Part("sparse layer: find non-zeros", "model.layer.SparseInput", List.of("read")),
          new Part("sparse layer: forward", "model.layer.SparseInput", List.of("forward")),
          new Part("sparse layer: gradient", "model.layer.SparseInput", List.of()),
          new Part("products: forward", "model.layer.", List.of("affine", "convolution")),
          new Part(
              "products: backward", "model.layer.", List.of("bmm_out", "convolution_backward")),
          new Part("bias sums, ReLU, copies", "model.layer.", List.of()),
          new Part("likelihood", "model.likelihood.", List.of()),
          new Part("divergence check", "train.TrainStep", List.of("lookForDiverged")),
          new Part("codes, prior, objective", "model.", List.of()),
          new Part("Adam", "train.Adam", List.of()));

  public StepProfile {
    parts = new LinkedHashMap<>(parts);
    calls = new LinkedHashMap<>(calls);
  }

  /** Repeats a step on the calling thread for about that many seconds and takes samples. */
  static StepProfile measure(Runnable step, double seconds) throws InterruptedException {
    for (int i = 0; i < WARM_UP; i++) {
      step.run();
    }
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Sampler sampler = new Sampler(Thread.currentThread());
    sampler.start();
    long used = threads.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    long steps = 0;
    do {
      step.run();
      steps++;
    } while (System.nanoTime() - start < seconds * 1e9);
    used = threads.getCurrentThreadCpuTime() - used;
    sampler.end();
    return sampler.profile(used / 1e9 / steps);
  }

  /** The part of a step that a stack is in. */
  static String part(StackTraceElement[] stack) {
    return PARTS.stream().filter(p -> p.holds(stack)).map(Part::name).findFirst().orElse(REST);
  }

  /** Ratescope's innermost method with its line, and the operator of libtorch that it calls. */
  static String call(StackTraceElement[] stack) {
    @Nullable String operator = null;
    for (StackTraceElement frame : stack) {
      String type = frame.getClassName();
      if (type.startsWith(OWN)) {
        String place =
            "%s.%s:%d"
                .formatted(
                    type.substring(type.lastIndexOf('.') + 1),
                    frame.getMethodName(),
                    frame.getLineNumber());
        return operator == null ? place : place + " " + operator;
      }
      if (type.startsWith(BINDING)) {
        operator = frame.getMethodName();
      }
    }
    return REST;
  }

  /** The thread that takes samples of another. */
  private static final class Sampler extends Thread {
    private final Thread observed;
    private final Map<String, Long> parts = new LinkedHashMap<>();
    private final Map<String, Long> calls = new LinkedHashMap<>();
    private volatile boolean ends;

    Sampler(Thread observed) {
      super("sampler");
      setDaemon(true);
      this.observed = observed;
      PARTS.forEach(part -> parts.put(part.name(), 0L));
      parts.put(REST, 0L);
    }

    @Override
    public void run() {
      while (!ends) {
        StackTraceElement[] stack = observed.getStackTrace();
        parts.merge(part(stack), 1L, Long::sum);
        calls.merge(call(stack), 1L, Long::sum);
        try {
          TimeUnit.MICROSECONDS.sleep(INTERVAL_MICROSECONDS);
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    void end() throws InterruptedException {
      ends = true;
      join();
    }

    StepProfile profile(double secondsPerStep) {
      long samples = parts.values().stream().mapToLong(count -> count).sum();
      Map<String, Double> partShares = new LinkedHashMap<>();
      parts.forEach((name, count) -> partShares.put(name, count / (double) samples));
      Map<String, Double> callShares = new LinkedHashMap<>();
      calls.entrySet().stream()
          .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
          .forEach(call -> callShares.put(call.getKey(), call.getValue() / (double) samples));
      return new StepProfile(secondsPerStep, samples, partShares, callShares);
    }
  }
}
