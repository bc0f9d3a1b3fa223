package org.ratescope.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;
import org.ratescope.tensor.Device;
import org.ratescope.train.Cohort;

class CohortTaskDescriptionTest {
  private static final Study STUDY = SparkStudy.of("s", List.of(0.5, 1.0), 50);

  private static CohortTaskDescription travelled(CohortTaskDescription task) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ObjectOutputStream(bytes).writeObject(task);
    return (CohortTaskDescription)
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
  }

  @Test
  void aTaskSaysTheSameOnAnotherMachine() throws Exception {
    Cohort cohort = new Cohort(STUDY.runs());
    RunSpec wanted = STUDY.runs().get(3);
    CohortTaskDescription task =
        travelled(
            CohortTaskDescription.training(
                5, cohort, Set.of(wanted.id()), Suite.of(STUDY), "sha-of-images"));

    assertThat(task.cohort()).isEqualTo(cohort);
    assertThat(task.cohort().id()).isEqualTo(cohort.id());
    assertThat(task.wanted()).containsExactly(wanted.id());
    for (RunSpec run : STUDY.runs()) {
      assertThat(task.suite().evaluation(run)).isEqualTo(STUDY.evaluation());
    }
    assertThat(task.suite().runs()).containsExactlyElementsOf(STUDY.runs());
  }

  @Test
  void aTaskKnowsTheGpuThatSparkGivesIt() {
    Map<String, ResourceInformation> third =
        Map.of("gpu", new ResourceInformation("gpu", new String[] {"3"}));
    assertThat(TaskGpu.device(Map.of())).isEqualTo(Device.CPU);
    assertThat(TaskGpu.device(third)).isEqualTo(Device.parse("cuda:3"));

    assertThat(TaskGpu.required(Map.of())).isEqualTo(Device.CPU);
    assumeFalse(Device.present().contains(Device.parse("cuda:3")), "skipped: there are four GPUs");
    assertThatThrownBy(() -> TaskGpu.required(third))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "Spark gave this task a GPU (spark.task.resource.gpu.amount): cuda:3");
  }
}
