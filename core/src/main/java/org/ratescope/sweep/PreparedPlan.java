package org.ratescope.sweep;

import java.util.Map;
import org.ratescope.dataset.ImageSet;
import org.ratescope.plan.Plan;
import org.ratescope.spec.data.DataSpec;

/**
 * A plan whose cohorts can start on any machine.
 *
 * @param plan its work on the available data sets
 * @param images these data sets; empty if there is no work
 */
public record PreparedPlan(Plan plan, Map<DataSpec, ImageSet> images) {
  public PreparedPlan {
    images = Map.copyOf(images);
  }
}
