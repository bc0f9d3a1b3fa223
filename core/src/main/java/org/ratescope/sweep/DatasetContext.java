package org.ratescope.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.ratescope.dataset.DamagedImages;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.Partition;
import org.ratescope.dataset.store.ImageStore;
import org.ratescope.estimate.Estimators;
import org.ratescope.estimate.EvaluationData;
import org.ratescope.estimate.FoldModels;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.estimate.detail.ExemplarImages;
import org.ratescope.estimate.detail.GallerySheets;
import org.ratescope.estimate.detail.LatentPlanes;
import org.ratescope.estimate.detail.MemorisedExamples;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.io.AtomicFile;
import org.ratescope.model.Parameters;
import org.ratescope.results.DataRecord;
import org.ratescope.results.Estimate;
import org.ratescope.results.Outcome;
import org.ratescope.results.Picture;
import org.ratescope.results.Provenance;
import org.ratescope.results.RunRecord;
import org.ratescope.results.Version;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.Training;
import org.ratescope.study.Detail;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.ProductRounding;
import org.ratescope.tensor.Scope;
import org.ratescope.train.Cohort;
import org.ratescope.train.Trainer;

/**
 * The data that the workers of one process share for one data set: the images, mapped once, and
 * values that are computed once for each split.
 *
 * @param suite the requested estimates
 * @param store the folder of results
 * @param images the data set
 * @param device where runs are computed
 * @param pool its images as a tensor on the device
 * @param estimators the available estimators
 * @param checkpointEvery interval between checkpoints
 * @param partitions the rows of each split
 * @param splits values computed once for each split
 * @param written files of the records that were written from these images
 */
record DatasetContext(
    Suite suite,
    RecordStore store,
    ImageSet images,
    Device device,
    ImageTensor pool,
    Estimators estimators,
    Duration checkpointEvery,
    Map<Split, Partition> partitions,
    Map<Extract, SplitData> splits,
    Set<Path> written) {

  /** A split, and the number of examples of each subset that estimators use. */
  record Extract(Split split, int examples) {}

  /** The rows of a split, the examples that estimators use, and its exemplars. */
  record SplitData(Partition partition, EvaluationData setting, ExemplarImages picked) {}

  /**
   * Maps the images.
   *
   * @throws IllegalArgumentException if the data set does not support the split of a study
   */
  static DatasetContext open(
      Suite suite,
      RecordStore store,
      ImageSet images,
      Device device,
      Estimators estimators,
      Duration checkpointEvery) {
    Libtorch.useOneThread();
    Device there = device.require();
    Map<Split, Partition> partitions = new ConcurrentHashMap<>();
    suite.studies().stream()
        .filter(study -> study.data().equals(images.spec()))
        .forEach(
            study ->
                requireSplits(
                    study, split -> partitions.computeIfAbsent(split, images::partition)));
    ImageTensor pool = Examples.pool(images).on(there);
    return new DatasetContext(
        suite,
        store,
        images,
        there,
        pool,
        estimators,
        checkpointEvery,
        partitions,
        new ConcurrentHashMap<>(),
        ConcurrentHashMap.newKeySet());
  }

  /** The same for runs of another suite. */
  DatasetContext suite(Suite other) {
    return new DatasetContext(
        other,
        store,
        images,
        device,
        pool,
        estimators,
        checkpointEvery,
        partitions,
        splits,
        written);
  }

  /** An impossible split fails here, before any work. */
  static void requireSplits(Study study, Function<Split, Partition> partition) {
    for (Split split : study.splits()) {
      int train = partition.apply(split).size(Subset.TRAIN);
      for (Training training : study.trainings()) {
        study.priors().forEach(prior -> Trainer.requireRows(train, training, prior));
      }
    }
  }

  private Partition partition(Split split) {
    return partitions.computeIfAbsent(split, images::partition);
  }

  /** The rows of a run's split and its exemplars, computed on first use. */
  SplitData split(RunSpec run) {
    return splits.computeIfAbsent(
        new Extract(run.split(), suite.evaluation(run).examples()),
        key -> {
          Partition partition = partition(key.split());
          EvaluationData setting = EvaluationData.of(pool, partition, key.examples());
          return new SplitData(partition, setting, ExemplarImages.of(images, pool, partition));
        });
  }

  /**
   * The estimates of a trained run: those that the suite requests, and those in its record before
   * its weights were lost.
   */
  Evaluation evaluation(RunSpec run) {
    Evaluation asked = suite.evaluation(run);
    try {
      return store
          .read(run.id())
          .filter(record -> record.outcome() instanceof Outcome.Finished)
          .map(record -> known(record.evaluation()).and(asked))
          .orElse(asked);
    } catch (IOException e) {
      return asked; // a damaged record gives no estimates
    }
  }

  private Evaluation known(Evaluation recorded) {
    List<String> known = new ArrayList<>(recorded.estimators());
    known.retainAll(estimators.names());
    return new Evaluation(known, recorded.examples(), recorded.details());
  }

  /** The results of a trained run. */
  record Findings(List<Estimate> estimates, List<Picture> pictures) {}

  /**
   * Estimates on the training set and the test set, and the exemplars of run {@code k} of these
   * parameters. Writes the requested details of single examples: before the run's record, which
   * lists them.
   *
   * @param evaluation the estimates, on as many examples as the suite requests
   */
  Findings evaluate(RunSpec run, Evaluation evaluation, Parameters parameters, int k)
      throws IOException {
    SplitData split = split(run);
    List<Estimate> estimates = new ArrayList<>();
    try (Scope scope = new Scope();
        ProductRounding never = ProductRounding.set(false)) {
      TrainedModel model =
          TrainedModel.of(parameters, k, run.likelihood()).withFolds(() -> folds(run));
      for (Subset subset : Subset.values()) {
        estimates.addAll(
            estimators.estimate(evaluation, model, split.setting(), subset, run.seed()));
      }
      writeDetails(run, evaluation, model, split.setting());
      return new Findings(estimates, split.picked().pictures(model));
    }
  }

  /**
   * The stored models of all folds, if the run leaves one out. Empty while the weights of one of
   * them are missing. A run writes its weights before it is evaluated: so at least the last run
   * finds those of all.
   */
  private Optional<FoldModels> folds(RunSpec run) {
    if (!(run.split() instanceof Split.WithoutFold own)) {
      return Optional.empty();
    }
    List<RunSpec> runs =
        IntStream.rangeClosed(1, own.folds()).mapToObj(left -> run.split(own.left(left))).toList();
    if (!runs.stream().allMatch(other -> Files.exists(store.weightsFile(other.id())))) {
      return Optional.empty();
    }
    return Optional.of(
        new FoldModels(
            fold -> stored(runs.get(fold)),
            runs.stream().map(other -> partition(other.split())).toList(),
            partition(own.of())));
  }

  /** The model of a run's stored weights; empty if they are damaged. */
  private Optional<TrainedModel> stored(RunSpec run) {
    try {
      return Optional.of(TrainedModel.read(store.weightsFile(run.id()), run, device));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void writeDetails(
      RunSpec run, Evaluation evaluation, TrainedModel model, EvaluationData data)
      throws IOException {
    for (Detail detail : evaluation.details()) {
      if (detail.appliesTo(run)) {
        switch (detail) {
          case MEMORISATION -> store.write(run.id(), MemorisedExamples.of(images, model, data));
          case LATENT_PLANE -> store.write(run.id(), LatentPlanes.of(model, data));
          case GALLERY -> store.write(run.id(), GallerySheets.of(images, model, data));
        }
      }
    }
  }

  /** Writes the record of a run. */
  void write(RunRecord record) throws IOException {
    store.write(record);
    written.add(store.recordFile(record.id()));
  }

  /** Writes the record of an analysis of the data. */
  void write(DataRecord record) throws IOException {
    store.write(record);
    written.add(store.dataFile(record.analysis()));
  }

  /**
   * Compares the images with their checksums again. If they have changed, renames the records that
   * were written from them, since nobody can say which are right.
   *
   * @return what has changed and what was renamed; empty if the images are the same
   */
  Optional<String> renameIfChanged() throws IOException {
    try {
      ImageStore.requireUnchanged(images);
      return Optional.empty();
    } catch (DamagedImages changed) {
      List<Path> records = written.stream().filter(Files::exists).toList();
      for (Path record : records) {
        Path unused = AtomicFile.setAside(record);
      }
      return Optional.of(
          "%s: the images in %s changed during this call (%s). The %d records of this call were renamed (*.json%sN); call again to compute them"
              .formatted(
                  images.spec().text(),
                  images.file().getParent(),
                  changed.getMessage(),
                  records.size(),
                  AtomicFile.DAMAGED));
    }
  }

  /** The provenance of the record of a run trained in that cohort. */
  Provenance provenance(RunSpec run, Cohort cohort) {
    Partition partition = partition(run.split());
    return new Provenance(
        Version.RATESCOPE,
        System.getProperty("java.vendor") + " " + System.getProperty("java.version"),
        Libtorch.LIBTORCH,
        Libtorch.blas(),
        device.described(run.training().roundsProducts()),
        images.sha256(),
        partition.sha256(),
        partition.size(Subset.TRAIN),
        partition.size(Subset.TEST),
        cohort.runs().stream().map(RunSpec::id).toList());
  }
}
