package org.ratescope.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ratescope.results.store.RecordJson;
import org.ratescope.results.store.RecordReader;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Evaluation;

class EstimateSettingsTest {
  private static final RunRecord RECORD =
      new RunRecord(
          new RunSpec(
              DataSpec.Tetrominoes.published(),
              new Split.Default(),
              Architecture.parse("mlp:1x8"),
              2,
              Likelihood.parse("gaussian:0.1"),
              Objective.beta(1),
              Training.paper(),
              3),
          new Outcome.Finished(10),
          new Evaluation(List.of("logMarginal"), 100),
          List.of(
              new Estimate("logMarginal", Subset.TEST, -90.25, 0.5, Estimate.NATS, 64)
                  .settings("S=2000, proposal q"),
              new Estimate("rate", Subset.TEST, 7, 0.25, Estimate.NATS, 100)),
          List.of(),
          List.of(),
          new Provenance("v", "j", "t", "b", "cpu", "sha", "", 1, 2, List.of()));

  @Test
  void settingsAndGaussianLikelihoodsComeBack() throws IOException {
    assertThat(RecordReader.record(RecordJson.write(RECORD))).isEqualTo(RECORD);
  }

  @Test
  void recordsFromBeforeThereWereSettingsCanBeRead() throws IOException {
    String old = RecordJson.write(RECORD).replaceAll(",\\s*\"settings\" : \"[^\"]*\"", "");
    assertThat(old).doesNotContain("settings");
    assertThat(RecordReader.record(old).estimates())
        .extracting(Estimate::settings)
        .containsExactly("", "");
    assertThat(RecordReader.record(old).estimates().getFirst().value()).isEqualTo(-90.25);
  }
}
