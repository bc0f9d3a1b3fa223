package org.ratescope.run;

import java.util.Map;
import org.ratescope.data.ImageSet;
import org.ratescope.plan.Plan;
import org.ratescope.study.DataSpec;

/**
 * A plan whose cohorts can begin, wherever they are carried out.
 *
 * @param plan its work on the data sets that can be had
 * @param images those data sets; none where nothing is to be done
 */
public record Prepared(Plan plan, Map<DataSpec, ImageSet> images) {
  public Prepared {
    images = Map.copyOf(images);
  }
}
