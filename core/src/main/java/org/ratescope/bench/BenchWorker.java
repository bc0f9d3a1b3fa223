package org.ratescope.bench;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.ratescope.spec.Training.Products;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Scope;

/** A worker thread that trains one cohort of a case, as a study's workers do. */
final class BenchWorker implements AutoCloseable {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("bench").factory());
  private final Scope scope;
  private final Runnable step;

  /** A worker with that many models of its own. */
  BenchWorker(BenchCase measured, int k, ImageTensor pool) throws InterruptedException {
    record Made(Scope scope, Runnable step) {}
    Made made =
        await(
            thread.submit(
                () -> {
                  Libtorch.useOneThread();
                  Scope opened = new Scope();
                  return new Made(
                      opened,
                      SpeedBench.ratescope(measured, k, Products.FLOAT32, pool, Device.CPU));
                }));
    scope = made.scope();
    step = made.step();
  }

  /** Starts that many steps; waiting for the answer gives their seconds. */
  Future<Double> steps(int count) {
    Callable<Double> steps =
        () -> {
          long start = System.nanoTime();
          for (int i = 0; i < count; i++) {
            step.run();
          }
          return (System.nanoTime() - start) / 1e9;
        };
    return thread.submit(steps);
  }

  /** What the thread answers. */
  static <T> T await(Future<T> answer) throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    Future<?> unused = thread.submit(scope::close);
    thread.close();
  }
}
