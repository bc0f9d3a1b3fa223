package org.ratescope.cli.study;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ratescope.cli.option.DeviceOption;
import org.ratescope.cli.option.ImagesOption;
import org.ratescope.cli.option.StudyOptions;
import org.ratescope.cli.option.WorkersOption;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.Json;
import org.ratescope.cli.process.UsageException;
import org.ratescope.figure.FigureException;
import org.ratescope.plan.Forecast;
import org.ratescope.plan.Plan;
import org.ratescope.plan.Planner;
import org.ratescope.spec.data.CustomImages;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Suite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code plan}. */
@Command(
    name = "plan",
    description = {
      "Show what 'run' would do and cost for a study or a suite, without running it.",
      "Shows runs by split and architecture; for a suite, by study and by figure. Times are"
          + " estimates for this machine."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope plan study.yaml",
      "  ratescope plan study.yaml --set training.iterations=2000",
      "  ratescope plan study.yaml --profile smoke --quick --json",
      "  ratescope plan paper --profile paper"
    })
public final class PlanCommand implements Callable<Integer> {
  private static final double TRIAL_SECONDS = 1;

  @Spec private CommandSpec spec;

  @Mixin private final StudyOptions study;

  @Mixin private final WorkersOption workers = new WorkersOption();

  @Mixin private final DeviceOption device = new DeviceOption();

  @Mixin private final ImagesOption images;

  @Option(
      names = "--quick",
      description =
          "Do not predict time, memory and disk. (The prediction runs each shape of cohort for one"
              + " second.)")
  private boolean quick;

  @Option(
      names = "--cohorts",
      description = "Also list the cohorts, the groups of runs that train together.")
  private boolean cohorts;

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  public PlanCommand(Environment surroundings) {
    this.study = new StudyOptions(surroundings);
    this.images = new ImagesOption(surroundings);
  }

  private Forecast forecast(Plan plan) throws IOException, InterruptedException {
    try {
      return Forecast.of(
          plan,
          images.library(),
          study.estimators(),
          device.workers(workers),
          device.get(),
          TRIAL_SECONDS);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage())); // for example an impossible split
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Suite read = study.read();
    PrintWriter err = spec.commandLine().getErr();
    images.requireSame(read, study.store(), err);
    Plan plan = device.applyTo(Planner.of(study.store(), device.workers(workers))).plan(read);
    requireFiles(plan, err);
    Optional<Forecast> forecast =
        quick || plan.cohorts().isEmpty() ? Optional.empty() : Optional.of(forecast(plan));
    PlanTable table = new PlanTable(plan, forecast);
    FigurePlans figures = figures(plan, forecast);
    if (json) {
      Map<String, Object> fields = table.fieldsWithCohorts();
      if (!plan.suite().isSingle()) {
        fields.put("figures", figures.fields());
      }
      out.println(Json.text(fields));
    } else {
      table.print(out, cohorts);
      figures.print(out);
    }
    return ExitCode.SUCCESS;
  }

  /**
   * Checks that the user's images exist if runs need them, which nothing else opens with --quick.
   * For a suite of several studies, prints which are missing, as {@code run} does.
   */
  private static void requireFiles(Plan plan, PrintWriter err) {
    for (DataSpec data : plan.data()) {
      if (data instanceof CustomImages own && own.file().filter(Files::notExists).isPresent()) {
        String reason = "no such file or folder: " + own.file().get();
        if (plan.suite().isSingle()) {
          throw new UsageException("%s: %s".formatted(own.text(), reason));
        }
        err.println(
            "warning: %s is not available, its runs stay missing: %s"
                .formatted(own.text(), reason));
        err.flush();
      }
    }
  }

  /** Those of a suite; all figures of a single study need the whole study. */
  private FigurePlans figures(Plan plan, Optional<Forecast> forecast) {
    try {
      return plan.suite().isSingle()
          ? new FigurePlans(List.of())
          : FigurePlans.of(plan, forecast, study.figureFolder());
    } catch (FigureException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
