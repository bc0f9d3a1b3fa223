package org.ratescope.dataset.tetromino;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.dataset.Partition;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.spec.data.DataSpec.Preset;
import org.ratescope.spec.data.DataSpec.Shape;

/** Labels and splits compared with the output of the authors' generator. */
class TetrominoLabelsTest {
  private static final Tetrominoes DATA = Tetrominoes.of(DataSpec.Tetrominoes.published());
  private static final JsonNode MANIFEST = Fixtures.manifest();

  @Test
  void pool() {
    int[] all = IntStream.range(0, DATA.size()).toArray();
    assertThat(DATA.labelsSha256(all)).isEqualTo(MANIFEST.get("pool_sha256").asText());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 8.79655791169492, 0.07878549147023604, 2.0000686248904067, 8.28343678684235,"
        + " 8.137583647641044",
    "1, 1.9477672334043286, 0.020372210619432757, 2.2073364362258285, 8.371969507091253,"
        + " 9.442640688128147",
    "16, 18.632237861372552, 0.06821414764670722, 2.4505654604164024, 9.264592195604227,"
        + " 8.253057398529712",
    "1280, 35.79339120338255, 0.044184551822763776, 2.2098897294216897, 8.12465834536761,"
        + " 8.018668055911087",
    "20480, 20.19433245915187, 0.19126068565510862, 2.2299721270311412, 8.52006525336608,"
        + " 8.126915951858015",
    "163839, 325.54932180262693, 0.8339068692091064, 4.706950963729118, 22.405418918956357,"
        + " 22.440803568204306",
  })
  void rows(int row, double angle, double color, double scale, double x, double y) {
    assertThat(DATA.factors(row)).containsExactly(angle, color, scale, x, y, 0);
  }

  static Stream<Arguments> manifestSplits() {
    return MANIFEST.get("splits").properties().stream()
        .filter(e -> e.getValue().isObject())
        .map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  @Test
  void manifestHasAllSplitsOfTheSpecification() {
    assertThat(manifestSplits()).hasSize(13 + 22 + 2);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("manifestSplits")
  void splitsOfTheManifest(String name, JsonNode expected) {
    Partition partition = partition(name);
    assertThat(partition.size(Subset.TRAIN)).isEqualTo(expected.get("train").asInt());
    assertThat(partition.size(Subset.TEST)).isEqualTo(expected.get("test").asInt());
    assertThat(DATA.labelsSha256(partition.rows(Subset.TRAIN)))
        .isEqualTo(expected.get("train_sha256").asText());
    assertThat(DATA.labelsSha256(partition.rows(Subset.TEST)))
        .isEqualTo(expected.get("test_sha256").asText());
  }

  /** The crop of the checkerboard is not a split of the paper, but the generator has it. */
  private static Partition partition(String name) {
    return switch (name.split("[ _]ratio=", -1)[0]) {
      case "CV train" -> DATA.partition(new Split.ConstantVolume(ratio(name)));
      case "CD base=id" -> DATA.partition(new Split.ConstantDensity(ratio(name)));
      case "CD base=ood" -> {
        TetrominoSplits splits = new TetrominoSplits(new TetrominoPool(Preset.PUBLISHED));
        yield splits.cropped(splits.checkerboard(2), ratio(name));
      }
      case "mode=id" -> DATA.partition(new Split.Default());
      case "mode=ood" -> DATA.partition(new Split.Checkerboard());
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static double ratio(String name) {
    return Double.parseDouble(name.substring(name.lastIndexOf('=') + 1));
  }

  @ParameterizedTest
  @CsvSource({
    "cv:0.05, 8193, 155647",
    "cv:0.1, 16384, 147456",
    "cv:0.15, 24577, 139263",
    "cv:0.2, 32768, 131072",
    "cv:0.25, 40960, 122880",
    "cv:0.3, 49153, 114687",
    "cv:0.35, 57344, 106496",
    "default, 81920, 81920",
    "cd:0.1, 8159, 8275",
    "cd:0.2, 16405, 16286",
    "cd:0.3, 24642, 24592",
    "cd:0.4, 32998, 32754",
    "cd:0.5, 41138, 40954",
    "cd:0.6, 49216, 49285",
    "cd:0.7, 57416, 57403",
    "checkerboard, 82021, 81819",
  })
  void sizesOfTableA2(String split, int train, int test) {
    Partition partition = DATA.partition(Split.parse(split));
    assertThat(partition.size(Subset.TRAIN)).isEqualTo(train);
    assertThat(partition.size(Subset.TEST)).isEqualTo(test);
  }

  @ParameterizedTest
  @CsvSource({"id, default", "ood, checkerboard"})
  void labelFixtures(String mode, String split) {
    Partition partition = DATA.partition(Split.parse(split));
    for (Subset subset : Subset.values()) {
      String name = "labels_" + mode + "_" + subset.text();
      double[] expected = Fixtures.doubles(name + ".npy");
      DoubleStream labels =
          Arrays.stream(Fixtures.ints(name + "_index.npy"))
              .mapToObj(i -> DATA.factors(partition.row(subset, i)))
              .flatMapToDouble(Arrays::stream);
      assertThat(labels.toArray()).containsExactly(expected).hasSize(12_000);
    }
  }

  @Test
  void constantVolumeTrainingSetsAreNested() {
    int[] small = DATA.partition(new Split.ConstantVolume(0.05)).rows(Subset.TRAIN);
    int[] large = DATA.partition(new Split.ConstantVolume(0.1)).rows(Subset.TRAIN);
    assertThat(Arrays.stream(small)).allMatch(row -> Arrays.binarySearch(large, row) >= 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "checkerboard", "cv:0.1", "cd:0.1", "cd:0.7"})
  void presetsShareTheirSplits(String text) {
    Split split = Split.parse(text);
    Partition paperText =
        Tetrominoes.of(new DataSpec.Tetrominoes(Preset.PAPER_TEXT, Shape.J, 32)).partition(split);
    for (Subset subset : Subset.values()) {
      assertThat(paperText.rows(subset)).isEqualTo(DATA.partition(split).rows(subset));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.8, 0.9, 0.12, 0.33, 0.66})
  void ratiosTheGeneratorRefuses(double ratio) {
    assertThatThrownBy(() -> DATA.partition(new Split.ConstantVolume(ratio)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got " + ratio)
        .hasMessageContaining("leaves 1 rows over")
        .satisfies(e -> assertThat(suggested(e)).hasSizeBetween(2, 3).allMatch(this::works));
  }

  private static List<Double> suggested(Throwable e) {
    String message = String.valueOf(e.getMessage());
    String list = message.substring(message.indexOf("that work: ") + 11);
    return Arrays.stream(list.split(", ", -1)).map(Double::valueOf).toList();
  }

  private boolean works(double ratio) {
    return DATA.partition(new Split.ConstantVolume(ratio)).size(Subset.TRAIN) > 0;
  }

  @Test
  void refusesSplitsWithAnEmptySubset() {
    assertThatThrownBy(() -> DATA.partition(new Split.ConstantVolume(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("split cv:1.0 leaves no test rows of 163840");
    assertThatThrownBy(() -> DATA.partition(new Split.ConstantDensity(1e-9)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("split cd:1.0E-9 leaves no train rows of 163840");
  }

  @Test
  void refusesRowsOutsideThePool() {
    assertThatThrownBy(() -> DATA.factors(163_840)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
