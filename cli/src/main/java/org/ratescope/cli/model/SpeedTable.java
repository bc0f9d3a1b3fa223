package org.ratescope.cli.model;

import java.io.PrintWriter;
import java.util.Locale;
import org.ratescope.bench.BenchCase;
import org.ratescope.bench.CaseSpeed;
import org.ratescope.bench.CaseSpeed.WaySpeed;
import org.ratescope.bench.DeviceReport;
import org.ratescope.bench.MachineInfo;
import org.ratescope.bench.ProfileReport;
import org.ratescope.bench.Roofline;
import org.ratescope.bench.SpeedReport;
import org.ratescope.bench.StepProfile;

/** Prints the reports of {@code bench} as tables. */
final class SpeedTable {
  private static final double GIGA = 1e9;
  private static final int LARGEST_CALLS = 12;

  private SpeedTable() {}

  private static void print(PrintWriter out, MachineInfo m) {
    out.printf(
        Locale.ROOT,
        "%s, %d cores, %.1f GiB; Java %s; libtorch %s, %s%n",
        m.processor(),
        m.cores(),
        m.memoryBytes() / (double) (1 << 30),
        m.java(),
        m.libtorch(),
        m.blas());
  }

  static void print(PrintWriter out, DeviceReport report) {
    print(out, report.machine());
    out.printf(
        Locale.ROOT,
        "%s, %s, %.1f GiB: products at %.1f TFLOP/s, Adam's pass at %.0f GB/s%n",
        report.device(),
        report.gpu().name(),
        report.gpu().bytes() / (double) (1 << 30),
        report.limits().productFlopsPerSecond() / 1e12,
        report.limits().adamBytesPerSecond() / GIGA);
    for (DeviceReport.DeviceCase each : report.cases()) {
      print(out, each.measured(), each.parameters(), each.cost(), each.rooflineSeconds());
      for (DeviceReport.DeviceWay way : each.ways()) {
        out.printf(
            Locale.ROOT,
            "  %-24s %9.1f model-steps/s  %6.2f x eager  %4.0f %% of the limits  %4.0f %% of the"
                + " bandwidth  %4.0f %% of the memory%n",
            way.way(),
            way.modelStepsPerSecond(),
            way.timesEager(),
            100 * way.shareOfRoofline(),
            100 * way.shareOfBandwidth(),
            100 * way.shareOfMemory());
      }
    }
    out.printf(
        Locale.ROOT,
        "%nestimate for all %,d runs of the paper, %,d model-steps: %.1f hours of training at the"
            + " best K%n",
        report.paper().runs(),
        report.paper().modelSteps(),
        report.paper().seconds() / 3600);
  }

  /** The parts of each step, and the calls that take the most of it. */
  static void print(PrintWriter out, ProfileReport report) {
    print(out, report.machine());
    for (ProfileReport.CaseProfile each : report.cases()) {
      StepProfile profile = each.profile();
      double micros = 1e6 * profile.secondsPerStep() / each.k();
      out.printf(
          Locale.ROOT,
          "%n%s, K = %d: %.1f microseconds of processor time a model-step, %,d samples%n",
          each.measured().text(),
          each.k(),
          micros,
          profile.samples());
      profile.parts().forEach((name, share) -> print(out, name, share, micros));
      out.println("  of which");
      profile.calls().entrySet().stream()
          .limit(LARGEST_CALLS)
          .forEach(call -> print(out, "  " + call.getKey(), call.getValue(), micros));
    }
  }

  private static void print(PrintWriter out, String name, double share, double micros) {
    out.printf(Locale.ROOT, "  %-52s %5.1f %%  %9.1f%n", name, 100 * share, share * micros);
  }

  static void print(PrintWriter out, SpeedReport report) {
    print(out, report.machine());
    out.printf(
        Locale.ROOT,
        "one core: products at %.1f GFLOP/s, Adam's pass at %.1f GB/s%n",
        report.limits().productFlopsPerSecond() / GIGA,
        report.limits().adamBytesPerSecond() / GIGA);
    report.cases().forEach(each -> print(out, each));
    out.printf(Locale.ROOT, "maximum memory of this process: %,d MiB%n", report.peakBytes() >> 20);
  }

  private static void print(
      PrintWriter out, BenchCase measured, long parameters, Roofline cost, double seconds) {
    out.printf(
        Locale.ROOT,
        "%n%s: %,d parameters, %.0f MFLOP and %.1f MB a step, at the limits %.4f ms%n",
        measured.text(),
        parameters,
        cost.operations() / 1e6,
        cost.bytes() / 1e6,
        seconds * 1e3);
  }

  private static void print(PrintWriter out, CaseSpeed speed) {
    print(out, speed.measured(), speed.parameters(), speed.cost(), speed.rooflineSeconds());
    for (WaySpeed way : speed.ways()) {
      out.printf(
          Locale.ROOT,
          "  %-24s %9.1f model-steps/s  %5.2f x eager  %5.2f of the limits%s%n",
          way.way(),
          way.modelStepsPerSecond(),
          way.timesEager(),
          way.shareOfRoofline(),
          way.bytes() > 0 ? String.format(Locale.ROOT, "  %,d MiB", way.bytes() >> 20) : "");
    }
    if (speed.workers() > 0) {
      out.printf(Locale.ROOT, "  two workers: %.2f x one%n", speed.workers());
    }
  }
}
