package org.ratescope.bench;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ratescope.bench.DeviceReport.DeviceCase;
import org.ratescope.model.ParameterLayout;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.RunSpec;

/**
 * What it would take to train many runs, told from the cases that were measured: a model-step of a
 * run takes as many times its roofline as that of the measured network of its kind (MLP or CNN)
 * whose roofline is nearest. Runs that stop early are counted in full; evaluation is not counted.
 *
 * @param runs how many can be told; where no network of a kind was measured, its runs cannot
 * @param untold how many cannot
 * @param modelSteps their updates, counted per model
 * @param seconds of training on one device
 */
public record Extrapolation(int runs, int untold, long modelSteps, double seconds) {

  /** The time of those runs on the device that was measured. */
  public static Extrapolation of(
      List<RunSpec> runs, List<DeviceCase> measured, MachineLimits limits) {
    int told = 0;
    long steps = 0;
    double seconds = 0;
    for (RunSpec run : runs) {
      double roofline =
          Roofline.of(ParameterLayout.of(run), run.training().batch()).seconds(limits);
      DeviceCase nearest = nearest(run.architecture(), roofline, measured);
      if (nearest != null) {
        told++;
        steps += run.training().iterations();
        seconds +=
            run.training().iterations()
                * (roofline / nearest.rooflineSeconds())
                / nearest.best().modelStepsPerSecond();
      }
    }
    return new Extrapolation(told, runs.size() - told, steps, seconds);
  }

  private static @Nullable DeviceCase nearest(
      Architecture architecture, double roofline, List<DeviceCase> measured) {
    return measured.stream()
        .filter(each -> each.measured().architecture().getClass() == architecture.getClass())
        .min(
            Comparator.comparingDouble(
                each -> Math.abs(Math.log(each.rooflineSeconds() / roofline))))
        .orElse(null);
  }

  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("runs", runs);
    fields.put("untold", untold);
    fields.put("modelSteps", modelSteps);
    fields.put("hours", seconds / 3600);
    return fields;
  }
}
