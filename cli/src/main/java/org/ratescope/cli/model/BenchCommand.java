package org.ratescope.cli.model;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ratescope.bench.BenchCase;
import org.ratescope.bench.DeviceBench;
import org.ratescope.bench.DeviceReport;
import org.ratescope.bench.PriorBench;
import org.ratescope.bench.ProfileReport;
import org.ratescope.bench.SpeedBench;
import org.ratescope.bench.SpeedReport;
import org.ratescope.cli.option.DeviceOption;
import org.ratescope.cli.option.StudyOptions;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.Json;
import org.ratescope.cli.process.TerminalProgress;
import org.ratescope.cli.process.UsageException;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Prior;
import org.ratescope.spec.Training.Products;
import org.ratescope.tensor.ProductRounding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code bench}. */
@Command(
    name = "bench",
    description = {
      "Measure training speed on this machine and compare it with its limits.",
      "Measures training steps of the paper's networks and of small ones, on one core: an eager"
          + " loop as a PyTorch user writes it, one model at a time, and as many models as a study"
          + " trains together. Compares each with the time of its matrix products and Adam at the"
          + " limits of the machine. Takes about 90 seconds; run nothing else meanwhile."
          + " docs/performance.md explains the columns.",
      "With --parts: where the time of a step goes. With --compare: speed over that of an earlier"
          + " run.",
      "On a GPU: one model, then more models at once, and an estimate for all runs of the paper;"
          + " docs/gpu.md explains the columns."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope bench",
      "  ratescope bench --json > speed.json",
      "  ratescope bench --compare speed.json",
      "  ratescope bench --parts",
      "  ratescope bench --device cuda --products bf16",
      "  ratescope bench --prior gaussian,mixture:64,vamp:128,exemplar,flow:6",
      "  ratescope bench --architecture mlp:2x256 --resolution 16 --batch 32"
    })
public final class BenchCommand implements Callable<Integer> {
  private static final int TURNS_OF_A_PROFILE = 10;

  private final Environment surroundings;

  @Spec private CommandSpec spec;

  @Option(
      names = "--architecture",
      paramLabel = "NETWORK",
      description = "Measure this network only, for example mlp:1x512, cnn:3x64 or resmlp:4x256.")
  private @Nullable Architecture architecture;

  @Option(
      names = "--resolution",
      paramLabel = "PIXELS",
      description = "Rows and columns of the images: 32, 16, 8 or 4 (default: ${DEFAULT-VALUE}).")
  private int resolution = 32;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Number of images in a batch (default: ${DEFAULT-VALUE}).")
  private int batch = 128;

  @Option(
      names = "--turn",
      paramLabel = "SECONDS",
      description =
          "Time for each way of training before the next one, in each of five rounds"
              + " (default: ${DEFAULT-VALUE}).")
  private double turn = 0.4;

  @Option(
      names = "--parts",
      description =
          "Show where the time of a training step goes, by samples of its thread: parts of the step"
              + " and calls of the library, with as many models as a study trains together.")
  private boolean parts;

  @Option(
      names = "--compare",
      paramLabel = "FILE",
      description =
          "Print the speed as a multiple of that in a file written by an earlier bench --json.")
  private @Nullable Path compared;

  @Option(
      names = "--prior",
      split = ",",
      paramLabel = "PRIOR",
      description =
          "Measure steps with these priors beside those with normal instead, in CPU time of one"
              + " thread, for example mixture:64,flow:6 (network: that of --architecture, or"
              + " mlp:1x512).")
  private List<Prior> priors = new ArrayList<>();

  @Option(
      names = "--products",
      paramLabel = "FORM",
      description =
          "With bf16, also measure steps whose products round their factors, as training.products"
              + " of a study: to bfloat16 on the CPU, to TF32 on a GPU (default: float32).")
  private Products products = Products.FLOAT32;

  @Mixin private final DeviceOption device = new DeviceOption();

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  public BenchCommand(Environment surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!(turn > 0 && turn <= 60)) {
      throw new UsageException(
          "--turn: got %s; expected seconds above 0 and at most 60".formatted(turn));
    }
    if (parts && compared != null) {
      throw new UsageException("--compare: not possible with --parts");
    }
    refuseUnused();
    if (!device.get().isCpu() && (parts || compared != null)) {
      throw new UsageException(
          "%s: possible on the CPU only; got --device %s"
              .formatted(parts ? "--parts" : "--compare", device.get()));
    }
    List<BenchCase> cases;
    try {
      cases =
          architecture == null
              ? BenchCase.standard()
              : List.of(new BenchCase(architecture, resolution, true, batch));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    if (parts) {
      return profile(cases);
    }
    if (!priors.isEmpty()) {
      return ofPriors(cases.getFirst());
    }
    return device.get().isCpu() ? onCpu(cases) : onGpu(cases);
  }

  /** Refuses options that the requested measurement does not read. */
  private void refuseUnused() {
    if (architecture == null) {
      UnusedOptions.refuse(spec, List.of("--resolution", "--batch"), "without --architecture");
    }
    if (parts) {
      UnusedOptions.refuse(spec, List.of("--prior", "--products"), "with --parts");
    }
    if (!priors.isEmpty()) {
      UnusedOptions.refuse(spec, List.of("--compare", "--products"), "with --prior");
    }
    if (!device.isCpu()) {
      UnusedOptions.refuse(spec, List.of("--prior"), "with --device cuda");
    }
  }

  /** The forms to measure: float32, and the one that the user asks for. */
  private Set<Products> products() throws IOException {
    if (products == Products.BF16) {
      try {
        ProductRounding.require(device.get());
      } catch (IllegalArgumentException e) {
        throw new UsageException("--" + e.getMessage());
      }
    }
    return EnumSet.of(Products.FLOAT32, products);
  }

  private int profile(List<BenchCase> cases) throws IOException, InterruptedException {
    ProfileReport report;
    try (TerminalProgress progress = surroundings.progress(spec.commandLine().getErr())) {
      report = ProfileReport.measure(cases, TURNS_OF_A_PROFILE * turn, progress::preparing);
    }
    if (json) {
      spec.commandLine().getOut().println(Json.text(report.fields()));
    } else {
      SpeedTable.print(spec.commandLine().getOut(), report);
    }
    return ExitCode.SUCCESS;
  }

  private int ofPriors(BenchCase measured) throws IOException {
    List<PriorBench.Cost> costs;
    try (TerminalProgress progress = surroundings.progress(spec.commandLine().getErr())) {
      costs = new PriorBench(turn, progress::preparing).measure(measured, priors);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          Json.text(
              Map.of(
                  "case",
                  measured.text(),
                  "priors",
                  costs.stream().map(PriorBench.Cost::fields).toList())));
    } else {
      out.println(measured.text());
      for (PriorBench.Cost cost : costs) {
        out.println(
            String.format(
                Locale.ROOT,
                "%-14s %9d parameters  %8.3f ms of CPU a step  %.2f times normal",
                cost.prior(),
                cost.parameters(),
                1e3 * cost.seconds(),
                cost.ratio()));
      }
    }
    return ExitCode.SUCCESS;
  }

  private int onGpu(List<BenchCase> cases) throws IOException {
    StudyOptions paper = new StudyOptions(surroundings, "paper", "paper", Path.of("results"));
    DeviceReport report;
    try (TerminalProgress progress = surroundings.progress(spec.commandLine().getErr())) {
      report =
          DeviceBench.of(device.get(), turn, products(), progress::preparing)
              .measure(cases, paper.read().runs());
    }
    if (json) {
      spec.commandLine().getOut().println(Json.text(report.fields()));
    } else {
      SpeedTable.print(spec.commandLine().getOut(), report);
    }
    return ExitCode.SUCCESS;
  }

  private int onCpu(List<BenchCase> cases) throws IOException, InterruptedException {
    SpeedComparison earlier = compared == null ? null : SpeedComparison.with(compared);
    SpeedReport report;
    try (TerminalProgress progress = surroundings.progress(spec.commandLine().getErr())) {
      report = new SpeedBench(turn, products(), progress::preparing).measure(cases);
    }
    if (json) {
      spec.commandLine().getOut().println(Json.text(report.fields()));
    } else {
      SpeedTable.print(spec.commandLine().getOut(), report);
    }
    if (earlier != null) {
      earlier.print(json ? spec.commandLine().getErr() : spec.commandLine().getOut(), report);
    }
    return ExitCode.SUCCESS;
  }
}
