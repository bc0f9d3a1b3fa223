package org.ratescope.results;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.results.store.RecordJson;
import org.ratescope.results.store.RecordReader;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.study.Evaluation;

/** Numbers of a record that are not finite. */
class NotFiniteTest {
  private static final RunSpec RUN =
      RunSpec.parse(
          "data=tetrominoes:preset=published,shape=J,resolution=4;split=default;architecture=mlp:1x8"
              + ";latent=2;likelihood=bernoulli;betaMi=1.0;betaKl=1.0;iterations=5;batch=4"
              + ";learningRate=0.001;precision=float32;seed=0");

  @TempDir Path folder;

  private static RunRecord record(double value) {
    return new RunRecord(
        RUN,
        new Outcome.Diverged(3),
        new Evaluation(List.of("rate"), 2),
        List.of(new Estimate("rate", Subset.TEST, value, value, "nats", 2, "")),
        List.of(new LossPoint(0, 1.5, 2.5), new LossPoint(1, value, value)),
        List.of(),
        new Provenance("0", "j", "t", "b", "cpu", "0", "1", 1, 1, List.of()));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void columnsOfNumbersHoldNumbersAndNull(double value) throws Exception {
    RecordStore store = RecordStore.at(folder);
    store.write(record(value));
    JsonNode json = new ObjectMapper().readTree(store.recordFile(RUN.id()).toFile());
    assertThat(json.at("/trace/0/distortion").isNumber()).isTrue();
    assertThat(json.at("/trace/1/distortion").isNull()).isTrue();
    assertThat(json.at("/estimates/0/standardError").isNull()).isTrue();
    RunRecord read = store.read(RUN.id()).orElseThrow();
    assertThat(read.trace().getLast().rate()).isNaN();
    assertThat(read.estimates().getFirst().value()).isNaN();
    assertThat(read.provenance()).isEqualTo(record(value).provenance());
  }

  @Test
  void textsOfEarlierVersionsAreRead() throws Exception {
    String text =
        RecordJson.write(record(7))
            .replace(" : 7.0", " : \"Infinity\"")
            .replace(" : 2.5", " : \"NaN\"");
    RunRecord read = RecordReader.record(text);
    assertThat(read.trace().getLast().distortion()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(read.trace().getFirst().rate()).isNaN();
  }
}
