package org.ratescope.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.estimate.Estimators;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.io.lease.HeartbeatConfig;
import org.ratescope.io.lease.Leases;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.Parameters;
import org.ratescope.model.WeightsFile;
import org.ratescope.plan.DataComparison;
import org.ratescope.plan.Planner;
import org.ratescope.results.Estimate;
import org.ratescope.results.Outcome;
import org.ratescope.results.PriorEstimates;
import org.ratescope.results.RunRecord;
import org.ratescope.results.Version;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.Prior;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Suite;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.ProductRounding;
import org.ratescope.tensor.Scope;
import org.ratescope.train.PriorFit;

/**
 * Fits a prior to the codes of a suite's finished runs, without training them again, and writes
 * their estimates with it to {@code priors/} of the results folder. Records and weights are read
 * only. It leases nothing, but joins the processes of the folder, so that the next one deletes the
 * unfinished files of a killed one.
 *
 * @param store the results folder
 * @param library the source of the images
 * @param estimators those that can be requested
 * @param device where it is computed
 * @param workers runs at the same time
 * @param updates of each fit
 */
public record PriorFits(
    RecordStore store,
    ImageLibrary library,
    Estimators estimators,
    Device device,
    int workers,
    int updates) {

  /**
   * A run's result.
   *
   * @param fitted its estimates; empty if there are none
   * @param problem why there are none; empty if there are some
   */
  public record Result(RunSpec run, Optional<PriorEstimates> fitted, Optional<String> problem) {}

  /**
   * Fits and evaluates. A run that is not finished, or whose weights are missing or damaged, has a
   * problem in place of estimates.
   *
   * @param names the estimators to use, on as many examples as the studies request
   * @throws IOException if images or results cannot be read or written, or the records are of other
   *     images or labels
   * @throws IllegalArgumentException if an estimator is unknown
   */
  public List<Result> run(Suite suite, Prior prior, List<String> names, BuildListener listener)
      throws IOException, InterruptedException {
    suite
        .studies()
        .forEach(s -> estimators.check(new Evaluation(names, s.evaluation().examples())));
    DataComparison comparison = DataComparison.of(suite, store, library);
    List<String> unused = comparison.requireSame(Set.of(), listener);
    List<RunSpec> runs = Planner.runsAndRepeats(suite, store);
    try (Leases leases = Leases.open(store.leases(), HeartbeatConfig.STANDARD);
        Scope scope = new Scope(); // outlives the workers, which read its images
        ExecutorService pool = Executors.newFixedThreadPool(workers)) {
      leases.sweep(store.folders());
      try {
        return run(suite, comparison, runs, prior, names, pool, listener);
      } finally {
        pool.shutdownNow();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
  }

  private List<Result> run(
      Suite suite,
      DataComparison comparison,
      List<RunSpec> runs,
      Prior prior,
      List<String> names,
      ExecutorService pool,
      BuildListener listener)
      throws IOException, InterruptedException, ExecutionException {
    List<Result> results = new ArrayList<>();
    String what = "prior %s: runs".formatted(prior.text());
    AtomicInteger done = new AtomicInteger();
    for (DataSpec data : suite.data()) {
      ImageSet images = library.open(data, listener);
      comparison.requireSame(images);
      DatasetContext context =
          DatasetContext.open(suite, store, images, device, estimators, Duration.ofMinutes(1));
      List<Future<Result>> found = new ArrayList<>();
      for (RunSpec run : runs) {
        if (run.data().equals(data)) {
          found.add(
              pool.submit(
                  () -> {
                    Result result = one(context, run, prior, names);
                    synchronized (done) {
                      listener.built(what, done.incrementAndGet(), runs.size());
                    }
                    return result;
                  }));
        }
      }
      for (Future<Result> each : found) {
        results.add(each.get());
      }
    }
    return results;
  }

  private Result one(DatasetContext context, RunSpec run, Prior prior, List<String> names)
      throws IOException {
    Optional<RunRecord> record;
    try {
      record = store.read(run.id());
    } catch (IOException e) {
      return problem(run, String.valueOf(e.getMessage()));
    }
    if (record.isEmpty() || !(record.get().outcome() instanceof Outcome.Finished)) {
      String word = record.map(r -> r.outcome().word()).orElse("missing");
      return problem(run, "the run is " + word + "; a prior is fitted to finished runs only");
    }
    if (!Files.exists(store.weightsFile(run.id()))) {
      return problem(run, "its weights are missing");
    }
    Libtorch.useOneThread();
    try (Scope scope = new Scope();
        ProductRounding never = ProductRounding.set(false)) {
      Parameters trained =
          Parameters.zeros(ParameterLayout.of(run), run.training().precision(), 1, device);
      try {
        WeightsFile.read(store.weightsFile(run.id()), run, trained, 0);
      } catch (IOException e) {
        return problem(run, String.valueOf(e.getMessage()));
      }
      PriorEstimates fitted = fitted(context, run, trained, prior, names);
      store.write(run.id(), fitted);
      return new Result(run, Optional.of(fitted), Optional.empty());
    } catch (IllegalArgumentException e) {
      return problem(run, String.valueOf(e.getMessage()));
    }
  }

  private PriorEstimates fitted(
      DatasetContext context, RunSpec run, Parameters trained, Prior prior, List<String> names) {
    DatasetContext.SplitData split = context.split(run);
    Posteriors codes =
        TrainedModel.of(trained, 0, run.likelihood()).posteriors(split.setting().train());
    PriorFit fit =
        new PriorFit(
            run,
            context.pool(),
            split.partition().rows(Subset.TRAIN),
            codes.mean(),
            codes.logVar());
    TrainedModel model = TrainedModel.of(fit.fit(trained, prior, updates), 0, run.likelihood());
    Evaluation evaluation = new Evaluation(names, context.suite().evaluation(run).examples());
    List<Estimate> estimates = new ArrayList<>();
    for (Subset subset : Subset.values()) {
      estimates.addAll(estimators.estimate(evaluation, model, split.setting(), subset, run.seed()));
    }
    return new PriorEstimates(
        prior.text(), Version.RATESCOPE, context.images().sha256(), updates, estimates);
  }

  private static Result problem(RunSpec run, String problem) {
    return new Result(run, Optional.empty(), Optional.of(problem));
  }
}
