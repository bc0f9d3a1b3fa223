package org.ratescope.progress;

import java.util.Map;
import org.ratescope.spec.RunSpec;

/** What trackers get of a run, for tests of other packages. */
public final class TrackerFields {
  private TrackerFields() {}

  public static Map<String, Object> of(RunSpec run) {
    return RunSettings.of(run);
  }
}
