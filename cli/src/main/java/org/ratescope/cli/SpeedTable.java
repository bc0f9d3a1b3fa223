package org.ratescope.cli;

import java.io.PrintWriter;
import org.ratescope.measure.CaseSpeed;
import org.ratescope.measure.CaseSpeed.WaySpeed;
import org.ratescope.measure.Machine;
import org.ratescope.measure.SpeedReport;

/** A {@link SpeedReport} for people. */
final class SpeedTable {
  private static final double GIGA = 1e9;

  private SpeedTable() {}

  static void print(PrintWriter out, SpeedReport report) {
    Machine m = report.machine();
    out.printf(
        "%s, %d cores, %.1f GiB; Java %s; libtorch %s, %s%n",
        m.processor(),
        m.cores(),
        m.memoryBytes() / (double) (1 << 30),
        m.java(),
        m.libtorch(),
        m.blas());
    out.printf(
        "one core: products at %.1f GFLOP/s, Adam's pass at %.1f GB/s%n",
        report.limits().productFlops() / GIGA, report.limits().bandwidth() / GIGA);
    report.cases().forEach(each -> print(out, each));
    out.printf("most memory of this process: %,d MiB%n", report.peakBytes() >> 20);
  }

  private static void print(PrintWriter out, CaseSpeed speed) {
    out.printf(
        "%n%s: %,d parameters, %.0f MFLOP and %.1f MB a step, at the limits %.2f ms%n",
        speed.measured().text(),
        speed.parameters(),
        speed.cost().operations() / 1e6,
        speed.cost().bytes() / 1e6,
        speed.rooflineSeconds() * 1e3);
    for (WaySpeed way : speed.ways()) {
      out.printf(
          "  %-24s %9.1f model-steps/s  %5.2f x eager  %5.2f of the limits%s%n",
          way.way(),
          way.modelStepsPerSecond(),
          way.timesEager(),
          way.shareOfRoofline(),
          way.bytes() > 0 ? "  %,d MiB".formatted(way.bytes() >> 20) : "");
    }
    if (speed.workers() > 0) {
      out.printf("  two workers: %.2f x one%n", speed.workers());
    }
  }
}
