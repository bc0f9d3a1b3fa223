package org.ratescope.sweep;

import java.util.Map;
import org.ratescope.dataset.ImageSet;
import org.ratescope.plan.Plan;
import org.ratescope.spec.data.DataSpec;

/**
 * A plan whose cohorts can begin, wherever they are carried out.
 *
 * @param plan its work on the data sets that can be had
 * @param images those data sets; none where nothing is to be done
 */
public record PreparedPlan(Plan plan, Map<DataSpec, ImageSet> images) {
  public PreparedPlan {
    images = Map.copyOf(images);
  }
}
