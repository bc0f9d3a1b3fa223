package org.ratescope.cli.study;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.ratescope.answer.AnswerText;
import org.ratescope.cli.option.DeviceOption;
import org.ratescope.cli.option.EngineOptions;
import org.ratescope.cli.option.ImagesOption;
import org.ratescope.cli.option.StudyOptions;
import org.ratescope.cli.option.SweepOptions;
import org.ratescope.cli.option.TimeBudget;
import org.ratescope.cli.option.TrackingOptions;
import org.ratescope.cli.option.WorkersOption;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ProgressListeners;
import org.ratescope.cli.process.TerminalProgress;
import org.ratescope.plan.Planner;
import org.ratescope.study.Suite;
import org.ratescope.sweep.Runner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code run}. */
@Command(
    name = "run",
    description = {
      "Train and evaluate the missing runs of a study.",
      "Finished runs are not trained again. An interrupted call resumes. Several calls, also on"
          + " several machines, may share a results folder. The exit code is 1 if a run of the"
          + " study diverged, failed or is missing, also if the time budget is used up. Damaged"
          + " files are renamed, and their runs are trained again."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope run study.yaml",
      "  ratescope run study.yaml --profile smoke --results /tmp/smoke",
      "  ratescope run study.yaml --set training.iterations=2000 --where beta=1",
      "  ratescope run study.yaml --time-budget 30m     stops then; the same command resumes",
      "  ratescope run study.yaml --serve 8080          watch it in a browser",
      "  ratescope run study.yaml --device cuda         on a GPU, hundreds of models at once",
      "  ratescope run study.yaml --shard 3/20          the third of twenty array tasks",
      "  ratescope run study.yaml --tensorboard board --mlflow http://localhost:5000",
      "  ratescope run study.yaml --engine spark --master spark://host:7077 --workers 16"
    })
public final class RunCommand implements Callable<Integer> {
  private final Environment surroundings;

  @Spec private CommandSpec spec;

  @Mixin private final StudyOptions study;

  @Mixin private final TimeBudget budget = new TimeBudget();

  @Mixin private final WorkersOption workers = new WorkersOption();

  @Mixin private final DeviceOption device = new DeviceOption();

  @Mixin private final SweepOptions sweep = new SweepOptions();

  @Mixin private final ImagesOption images;

  @Mixin private final TrackingOptions watch;

  @Mixin private final EngineOptions engine;

  @Option(names = "--json", description = "Print the study's status as a JSON object at the end.")
  private boolean json;

  public RunCommand(Environment surroundings) {
    this.surroundings = surroundings;
    this.study = new StudyOptions(surroundings);
    this.images = new ImagesOption(surroundings);
    this.watch = new TrackingOptions(surroundings);
    this.engine = new EngineOptions(surroundings);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    study.refusePublished();
    Suite read = study.read();
    Runner runner =
        engine.runner(study.store(), images.library(), study.estimators(), workers, device, sweep);
    SweepEnd end;
    try (TerminalProgress terminal = surroundings.progress(spec.commandLine().getErr());
        ProgressListeners watching =
            watch.open(read, study.store(), reportAdvice(read), terminal)) {
      Planner planner =
          sweep.applyTo(
              engine.applyTo(device.applyTo(Planner.of(study.store(), device.workers(workers)))));
      end = StudyServices.run(read, study.store(), planner, runner, watching, budget);
    }
    end.status().print(spec.commandLine().getOut(), json);
    if (!json) {
      if (end.status().finished() > 0) {
        String answer = AnswerText.sentence(StudyServices.answer(read, study.store()));
        spec.commandLine().getOut().println("\n" + surroundings.wrapped(answer));
      }
      NextCommand.afterRun(end.status(), study.words()).print(spec.commandLine().getOut());
    }
    return end.codeOfRun(spec.commandLine().getErr());
  }

  /** How to write the report, for the end of the live page. */
  private String reportAdvice(Suite read) {
    return "To write the report to %s, run 'ratescope report' with the same study."
        .formatted(study.folder(read).resolve("report.html"));
  }
}
