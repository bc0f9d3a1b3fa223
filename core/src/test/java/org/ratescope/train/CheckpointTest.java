package org.ratescope.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.model.safetensors.SafetensorsText;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.Libtorch;

/** A checkpoint is read only where it is whole, of this version and of its cohort. */
class CheckpointTest {
  private static final Cohort COHORT = new Cohort(List.of(run(1), run(2)));

  @TempDir Path folder;

  private Path file = Path.of("");
  private byte[] bytes = new byte[0];

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve(COHORT.id().hex() + ".safetensors");
    try (PointerScope scope = new PointerScope()) {
      checkpoint(COHORT).write(TrainingState.initial(COHORT));
    }
    bytes = Files.readAllBytes(file);
  }

  private static RunSpec run(long seed) {
    return new RunSpec(
        new DataSpec.Tetrominoes(DataSpec.Preset.PUBLISHED, DataSpec.Shape.J, 4),
        new Split.Default(),
        Architecture.parse("mlp:1x1"),
        1,
        Likelihood.parse("bernoulli"),
        Objective.beta(1),
        new Training(10, 4, 0.001, Precision.FLOAT32),
        seed);
  }

  private Checkpoint checkpoint(Cohort cohort) {
    return Checkpoint.of(folder, cohort, Duration.ofDays(1));
  }

  /** What is wrong with the file, or an empty text. */
  private String refusal(byte[] changed) throws IOException {
    Files.write(file, changed);
    try (PointerScope scope = new PointerScope()) {
      return checkpoint(COHORT).read(Device.CPU).isPresent() ? "" : "no file";
    } catch (FormatException e) {
      assertThat(e).hasMessageStartingWith(file + ": ");
      return String.valueOf(e.getMessage()).substring(file.toString().length() + 2);
    }
  }

  @Test
  void noCutFileIsRead() throws IOException {
    assertThat(refusal(bytes)).isEmpty();
    int headed = bytes.length - SafetensorsText.values(bytes).length;
    for (int length = 0; length < bytes.length; length += length < headed ? 1 : 61) {
      assertThat(refusal(Arrays.copyOf(bytes, length))).as("%d bytes", length).isNotEmpty();
    }
  }

  @Test
  void noFlippedBitIsRead() throws IOException {
    Random random = new Random(5);
    for (int i = 0; i < 500; i++) {
      byte[] flipped = bytes.clone();
      int bit = random.nextInt(8 * bytes.length);
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(refusal(flipped)).as("bit %d", bit).isNotEmpty();
    }
  }

  /** Each with the checksum that belongs to it: damage alone is found without a look at these. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[2,224] | [-2,-224] | tensor parameters: shape: got -2; expected whole numbers",
        "[2,224] | [448] | tensor parameters is F32 of shape [448]; expected F32 of shape [2, 224]",
        "[2,224] | [224,2] | tensor parameters is F32 of shape [224, 2]; expected F32 of shape",
        "[2,224] | [4294967296,4294967296] | more bytes than a file can have",
        "[2,224] | [9223372036854775807,224] | more bytes than a file can have",
        "F32\",\"shape\":[2,224] | F64\",\"shape\":[1,224] | tensor parameters is F64 of shape [1,"
            + " 224]; expected",
        "\"firstMoments\" | \"f1rstMoments\" | its tensors have other names than [parameters,"
            + " firstMoments",
        "\"format\\\":3 | \"format\\\":4 | written by another version: format 4; expected 3",
        "\"format\\\":3,\\\" | \" | written by another version: format 1; expected 3",
        "\"step\\\":0 | \"step\\\":-1 | its progress is not one of this cohort: step -1",
        "\"step\\\":0 | \"step\\\":11 | its progress is not one of this cohort: step 11",
        "\"step\\\":0 | \"step\\\":99999999999 | its progress cannot be read",
        "\"step\\\":0 | \"step\\\":0.5 | its progress cannot be read",
        "\"step\\\":0 | \"step\\\":\\\"0\\\" | its progress cannot be read",
        "\"step\\\":0 | \"step\\\":null | its progress cannot be read",
        "\"step\\\":0 | \"stop\\\":0 | its progress cannot be read",
        "\"places\\\":2 | \"places\\\":3 | its progress is not one of this cohort: places 3",
        "\"places\\\":2 | \"places\\\":-2 | its progress is not one of this cohort: places -2",
        "\"places\\\":2 | \"places\\\":1 | a row that is not trained has a run that has not ended",
        "[0,1] | [0,0] | its progress is not one of this cohort: runAt [0, 0]",
        "[0,1] | [0,2] | its progress is not one of this cohort: runAt [0, 2]",
        "[0,1] | [0] | its progress is not one of this cohort: runAt [0]",
        "[0,1] | [1,0,2] | its progress is not one of this cohort: runAt [1, 0, 2]",
        "[0,1] | null | its progress cannot be read",
        "\"endedAt\\\":-1 | \"endedAt\\\":7 | its progress is not one of this cohort: endedAt 7",
        "\"endedAt\\\":-1 | \"endedAt\\\":-2 | its progress is not one of this cohort: endedAt -2",
        "\"diverged\\\":false | \"diverged\\\":true | a run has diverged and not ended",
        "\"diverged\\\":false | \"diverged\\\":0 | its progress cannot be read",
        "\"bestStep\\\":-1 | \"bestStep\\\":5 | its progress is not one of this cohort: bestStep 5",
        "\"measuredAt\\\":-1 | \"measuredAt\\\":5 | its progress is not one of this cohort:"
            + " measuredAt 5",
        "\"sinceBest\\\":0 | \"sinceBest\\\":-1 | its progress is not one of this cohort: sinceBest"
            + " -1",
        "\"trace\\\":[] | \"trace\\\":[[1,0.5,0.5]] | its progress is not one of this cohort: a"
            + " batch loss of step 1",
        "\"trace\\\":[] | \"trace\\\":[[0,1,1],[0,1,1]] | its progress is not one of this cohort: a"
            + " batch loss of step 0",
        "\"trace\\\":[] | \"trace\\\":[[0]] | its progress cannot be read",
        "\"trace\\\":[] | \"trace\\\":{} | its progress cannot be read",
        "\"runs\\\":[ | \"runs\\\":[{}, | its progress cannot be read",
        "\"progress\" | \"pr0gress\" | written by another version: format 1; expected 3",
        "{\"progress\" | {\"more\":\"\",\"progress\" | its metadata has other keys than this"
            + " version writes",
      })
  void whatIsNotOfThisCohortIsRefused(String part, String other, String message)
      throws IOException {
    String header =
        SafetensorsText.header(bytes).replaceFirst("crc32:[0-9a-f]{8}", "crc32:00000000");
    int at = header.indexOf(part);
    assertThat(at).as("%s in %s", part, header).isPositive();
    String changed = header.substring(0, at) + other + header.substring(at + part.length());
    assertThat(refusal(SafetensorsText.withChecksum(changed, SafetensorsText.values(bytes))))
        .contains(message);
  }

  @Test
  void theCheckpointOfAnotherCohortIsRefused() throws IOException {
    Cohort turned = new Cohort(List.of(run(2), run(1)));
    Files.copy(file, folder.resolve(turned.id().hex() + ".safetensors"));
    assertThatThrownBy(() -> checkpoint(turned).read(Device.CPU))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("its progress is not one of this cohort: belongs to another cohort");
    assertThat(Checkpoint.cohorts(folder))
        .as("a file under the name of another cohort is no checkpoint")
        .containsExactly(COHORT.runs().stream().map(RunSpec::id).toList());
  }

  /** The header of a checkpoint of an earlier version. */
  @Test
  void anEarlierVersionIsRefused() throws IOException {
    String header =
        SafetensorsText.header(bytes)
            .replaceFirst("\\\\\"format\\\\\":3,", "")
            .replaceFirst("\"ratescope.checksum\":\"crc32:[0-9a-f]{8}\"", "\"crc32c\":\"1\"");
    assertThat(refusal(SafetensorsText.file(header, SafetensorsText.values(bytes))))
        .isEqualTo("written by another version: format 1; expected 3");
    assertThat(Checkpoint.cohorts(folder)).isEmpty();
  }
}
