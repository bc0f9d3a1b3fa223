package org.ratescope.live;

import com.fasterxml.jackson.databind.JsonNode;
import org.ratescope.spec.RunSpec;

/** What the live page gets of a run, for tests of other packages. */
public final class LivePageFields {
  private LivePageFields() {}

  public static JsonNode of(RunSpec run) {
    return RunPoint.settings(run);
  }

  /** The fields that group curves. */
  public static JsonNode grouping() {
    return RunPoint.fields();
  }
}
