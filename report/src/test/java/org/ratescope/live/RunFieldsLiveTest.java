package org.ratescope.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ratescope.figure.Generated;
import org.ratescope.spec.Objective;
import org.ratescope.spec.RunField;
import org.ratescope.spec.RunFields;
import org.ratescope.spec.RunSpec;

/**
 * The live page gets each field of a run, and can group curves by each but the numbers along them.
 */
class RunFieldsLiveTest {
  /** A curve of an objective with two weights is along the second one. */
  @Test
  void theWeightOfTwoIsThatOfTheMarginalKl() {
    RunSpec run = Generated.small(1).runs().getFirst();
    RunSpec both =
        new RunSpec(
            run.data(),
            run.split(),
            run.architecture(),
            run.latentSize(),
            run.likelihood(),
            run.prior(),
            new Objective(2, 0.5),
            run.training(),
            run.seed());
    assertThat(RunPoint.settings(both).get("weight").doubleValue()).isEqualTo(0.5);
  }

  @Test
  void pointsHaveEveryField() throws Exception {
    RunSpec run = Generated.small(1).runs().getFirst();
    JsonNode point = new ObjectMapper().readTree(RunPoint.settings(run).toString());
    for (RunField<?> field : RunFields.WRITTEN) {
      assertThat(point.path(field.key()).asText()).isEqualTo(field.textOf(run));
    }
    Set<RunField<?>> along = Set.of(RunFields.BETA_MI, RunFields.BETA_KL, RunFields.SEED);
    for (RunField<?> field : RunFields.ALL) {
      boolean grouped = false;
      for (JsonNode entry : RunPoint.fields()) {
        grouped |= entry.get(0).asText().equals(field.key());
      }
      assertThat(grouped).as(field.key()).isEqualTo(!along.contains(field));
    }
  }
}
