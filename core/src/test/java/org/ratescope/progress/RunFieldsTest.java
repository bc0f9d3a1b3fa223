package org.ratescope.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ratescope.results.Estimate;
import org.ratescope.results.Outcome;
import org.ratescope.results.Picture;
import org.ratescope.results.Provenance;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordJson;
import org.ratescope.results.store.RecordReader;
import org.ratescope.spec.RunField;
import org.ratescope.spec.RunFields;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.study.Evaluation;
import org.ratescope.train.Cohort;

/**
 * Each field of the list is in the canonical text, in JSON records and in trackers, and separates
 * cohorts or does not. Tables and pages are tested in the module report.
 */
class RunFieldsTest {
  private static final RunSpec RUN =
      RunSpec.parse(
          "data=tetrominoes:preset=published,shape=J,resolution=4;split=default;architecture=mlp:1x8"
              + ";latent=2;likelihood=bernoulli;betaMi=1.0;betaKl=1.0;iterations=5;batch=4"
              + ";learningRate=0.001;precision=float32;seed=0");

  /** For each field a value that RUN does not have. A new field needs one here. */
  private static final Map<String, String> OTHER =
      Map.ofEntries(
          Map.entry("data", "tetrominoes:preset=published,shape=L,resolution=4"),
          Map.entry("split", "cv:0.1/without:1of2"), // has every part
          Map.entry("architecture", "cnn:2x16"),
          Map.entry("latent", "3"),
          Map.entry("likelihood", "gaussian:0.1"),
          Map.entry("betaMi", "0.25"),
          Map.entry("betaKl", "1.0E-7"),
          Map.entry("stopping", "patience:3,every=10,validation=0.2"),
          Map.entry("iterations", "6"),
          Map.entry("batch", "5"),
          Map.entry("learningRate", "0.002"),
          Map.entry("precision", "float64"),
          Map.entry("products", "bf16"),
          Map.entry("prior", "mixture:3"),
          Map.entry("seed", "-7"));

  /** The fields in which the runs of a cohort may differ. */
  private static final Set<String> TOGETHER = Set.of("split", "learningRate", "seed");

  static List<RunField<?>> written() {
    return RunFields.WRITTEN;
  }

  private static RunSpec with(Map<String, String> others) {
    Map<String, String> texts = new HashMap<>();
    RunFields.WRITTEN.forEach(field -> texts.put(field.key(), field.textOf(RUN)));
    texts.putAll(others);
    return RunFields.run(texts);
  }

  private static String other(RunField<?> field) {
    return Objects.requireNonNull(OTHER.get(field.key()), "a value for " + field.key());
  }

  private static RunSpec differing(RunField<?> field) {
    return with(Map.of(field.key(), other(field)));
  }

  private static RunRecord record(RunSpec run) {
    return new RunRecord(
        run,
        new Outcome.Finished(5),
        new Evaluation(List.of("rate"), 2),
        List.of(
            new Estimate(
                "rate",
                Subset.TRAIN,
                1,
                2,
                "nats",
                2,
                "mixture of 3 posteriors of the training set"),
            new Estimate(
                "rate", Subset.TEST, 3, 4, "nats", 2, "mixture of 3 posteriors of the test set")),
        List.of(),
        List.of(new Picture("hard", Subset.TEST, 1, 2, "o", "n", "r")),
        new Provenance("0", "j", "t", "b", "cpu", "0", "1", 1, 1, List.of()));
  }

  @ParameterizedTest
  @MethodSource("written")
  void theCanonicalTextHasEveryField(RunField<?> field) {
    RunSpec other = differing(field);
    assertThat(other.canonical().split(";", -1)).contains(field.key() + "=" + other(field));
    assertThat(RunSpec.parse(other.canonical())).isEqualTo(other);
    assertThat(other.id()).isNotEqualTo(RUN.id());
    assertThat(RunFields.textWithout(field, other)).isEqualTo(RunFields.textWithout(field, RUN));
  }

  @ParameterizedTest
  @MethodSource("written")
  void recordsHaveEveryFieldAndItsParts(RunField<?> field) throws IOException {
    RunSpec other = differing(field);
    String json = RecordJson.write(record(other));
    JsonNode spec = new ObjectMapper().readTree(json).get("spec");
    assertThat(spec.get(field.name()).asText()).isEqualTo(other(field));
    assertThat(spec.get(field.name()).isTextual()).isEqualTo(field.isText());
    for (RunField.Part part : field.parts()) {
      assertThat(spec.get(part.name()).asText())
          .isEqualTo(String.valueOf(part.value().apply(other)));
    }
    assertThat(RecordReader.record(json)).isEqualTo(record(other));
  }

  @ParameterizedTest
  @MethodSource("written")
  void trackersGetEveryField(RunField<?> field) {
    assertThat(RunSettings.of(differing(field)))
        .hasEntrySatisfying(
            field.key(),
            value -> {
              assertThat(value.toString()).isEqualTo(other(field));
            });
  }

  @ParameterizedTest
  @MethodSource("written")
  void aFieldSeparatesCohortsOrDoesNot(RunField<?> field) {
    List<RunSpec> runs = List.of(RUN, differing(field));
    if (TOGETHER.contains(field.key())) {
      assertThat(new Cohort(runs).size()).isEqualTo(2);
    } else {
      assertThatThrownBy(() -> new Cohort(runs)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void betasTrainTogether() {
    RunSpec other = with(Map.of("betaMi", "2.0", "betaKl", "2.0"));
    assertThat(new Cohort(List.of(RUN, other)).size()).isEqualTo(2);
  }

  @Test
  void recordsOfFormat1AreRead() throws IOException {
    String now = RecordJson.write(record(RUN));
    String then =
        now.replace("\"format\" : 2", "\"format\" : 1")
            .replace("\"subset\"", "\"half\"")
            .replace("of the training set", "of the train half")
            .replace("of the test set", "of the test half")
            .replaceAll("\"(setName|splitKind|family|width)\" : [^,]*,\\s*", "");
    assertThat(then).isNotEqualTo(now).contains("\"half\" : \"test\"").doesNotContain("subset");
    assertThat(RecordReader.record(then)).isEqualTo(record(RUN));
    assertThatThrownBy(() -> RecordReader.record(now.replace("\"format\" : 2", "\"format\" : 3")))
        .isInstanceOf(IOException.class)
        .hasMessage("record format 3; this version reads the formats 1 to 2");
  }
}
