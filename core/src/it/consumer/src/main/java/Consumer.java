import java.nio.file.Files;
import java.nio.file.Path;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.results.store.RecordStore;
import org.ratescope.study.Study;
import org.ratescope.study.StudyFile;
import org.ratescope.sweep.LocalRunner;

/** Trains two small models, and fails if their records are not complete. */
public class Consumer {
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    Path file =
        Files.writeString(
            folder.resolve("consumer.yaml"),
            """
            name: consumer
            data: {set: tetrominoes, resolution: 4}
            splits: [cv:0.00625]
            architectures: [mlp:1x8]
            objective: {beta: [0.1, 1]}
            restarts: 1
            training: {iterations: 20, batch: 16}
            evaluation: {examples: 64}
            """);
    Study study = StudyFile.read(file);
    RecordStore store = RecordStore.at(folder.resolve("results"));
    LocalRunner.of(store, folder.resolve("cache"))
        .run(Planner.of(store, 1).plan(study), Progress.SILENT);
    int missing = Planner.of(store, 1).plan(study).runsToTrain();
    if (missing != 0) {
      throw new IllegalStateException(missing + " of 2 runs have no record");
    }
    System.out.println("consumer: 2 runs have records");
  }
}
