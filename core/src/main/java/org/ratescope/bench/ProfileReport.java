package org.ratescope.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.spec.Training.Products;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.Libtorch;

/** A machine, and where the time of its training steps goes. */
public record ProfileReport(MachineInfo machine, List<CaseProfile> cases) {
  public ProfileReport {
    cases = List.copyOf(cases);
  }

  /**
   * The profile of one case.
   *
   * @param k models that the step trains, as many as a study would train together
   */
  public record CaseProfile(BenchCase measured, int k, StepProfile profile) {}

  /** Takes the profile of each case on one core. */
  public static ProfileReport measure(List<BenchCase> cases, double seconds, BuildListener progress)
      throws IOException, InterruptedException {
    Libtorch.useOneThread();
    List<CaseProfile> profiles = new ArrayList<>();
    for (BenchCase measured : cases) {
      progress.built("profiling training steps", profiles.size(), cases.size());
      try (PointerScope scope = new PointerScope()) {
        int k = measured.ownCohort();
        Runnable step =
            SpeedBench.ratescope(measured, k, Products.FLOAT32, measured.images(), Device.CPU);
        profiles.add(new CaseProfile(measured, k, StepProfile.measure(step, seconds)));
      }
    }
    progress.built("profiling training steps", cases.size(), cases.size());
    return new ProfileReport(MachineInfo.here(), profiles);
  }

  /** Names and values of the JSON form (docs/performance.md). */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("machine", machine);
    fields.put("cases", cases.stream().map(ProfileReport::fields).toList());
    return fields;
  }

  private static Map<String, Object> fields(CaseProfile each) {
    Map<String, Object> fields = each.measured().fields();
    fields.put("k", each.k());
    fields.put("secondsPerStep", each.profile().secondsPerStep());
    fields.put("samples", each.profile().samples());
    fields.put("parts", shares("part", each.profile().parts()));
    fields.put("calls", shares("call", each.profile().calls()));
    return fields;
  }

  private static List<Map<String, Object>> shares(String name, Map<String, Double> shares) {
    List<Map<String, Object>> rows = new ArrayList<>();
    shares.forEach(
        (key, share) -> {
          Map<String, Object> row = new LinkedHashMap<>();
          row.put(name, key);
          row.put("share", share);
          rows.add(row);
        });
    return rows;
  }
}
