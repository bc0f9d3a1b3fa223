package org.ratescope.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A machine, its limits, and how near training comes to them.
 *
 * @param peakBytes the most memory this process had so far, images and all; 0 where the system does
 *     not tell
 */
public record SpeedReport(
    MachineInfo machine, MachineLimits limits, List<CaseSpeed> cases, long peakBytes) {
  public SpeedReport {
    cases = List.copyOf(cases);
  }

  /** Names and values, as they stand in the JSON form (docs/performance.md). */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("machine", machine);
    fields.put("limits", limits);
    fields.put("cases", cases.stream().map(CaseSpeed::fields).toList());
    fields.put("peakBytes", peakBytes);
    return fields;
  }
}
