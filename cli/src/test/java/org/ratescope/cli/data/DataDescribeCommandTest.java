package org.ratescope.cli.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.cli.Call;
import org.ratescope.cli.SharedCache;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.estimate.detail.SplitDifficulty;
import org.ratescope.estimate.posterior.MeanEstimate;

class DataDescribeCommandTest {
  private static final Path CACHE = SharedCache.folder();

  @TempDir Path folder;

  private static Call describe(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("data", "describe", "tetrominoes:resolution=4", "--split", "cd:0.01"));
    words.addAll(List.of(more));
    return Call.of(CACHE, words.toArray(String[]::new));
  }

  @Test
  void difficultyAndItsPicture() throws Exception {
    Path picture = folder.resolve("deeper/near.png");
    Call call = describe("--picture", picture.toString(), "--json");
    assertThat(call.code()).as(call.err()).isEqualTo(ExitCode.SUCCESS);
    JsonNode fields = new ObjectMapper().readTree(call.out());
    JsonNode difficulty = fields.get("difficulty");
    assertThat(difficulty.get("ofTestImages")).isEqualTo(fields.get("test"));
    assertThat(difficulty.get("amongTrainingImages")).isEqualTo(fields.get("train"));
    assertThat(difficulty.get("nearestMean").doubleValue())
        .isBetween(0.0, difficulty.get("randomMean").doubleValue());
    assertThat(fields.has("trainImagesSha256")).isFalse();
    assertThat(fields.get("trainFactors")).hasSize(6);
    assertThat(ImageIO.read(picture.toFile()).getWidth()).isGreaterThan(1500);
    assertThat(call.err()).contains("drawing " + picture).doesNotContain("warning");
  }

  @Test
  void textTables() {
    Call call = describe("--difficulty", "--images");
    assertThat(call.code()).as(call.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(call.out())
        .contains("trainImagesSha256  ", "trainChannelMeans  ")
        .containsPattern("angle +train +\\d+ ")
        .containsPattern("nearest +distance 0\\.\\d+ ± ")
        .containsPattern("duplicates +\\d+ of \\d+\n");
  }

  @Test
  void anEmptySubsetIsAUsageError() {
    Call call =
        Call.of(
            CACHE,
            "data",
            "describe",
            "tetrominoes:resolution=4",
            "--split",
            "cv:1",
            "--difficulty");
    assertThat(call.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(call.err()).contains("split cv:1.0 leaves no test rows of 163840");
  }

  @Test
  void duplicatesCauseAWarning() {
    assertThat(DescriptionText.warning(difficulty(0, 0, 1)))
        .contains("warning: 2 of the 3 test images compared are also training images");
    assertThat(DescriptionText.warning(difficulty(1, 2))).isEmpty();
  }

  private static SplitDifficulty difficulty(double... distances) {
    List<SplitDifficulty.Neighbour> neighbours = new ArrayList<>();
    for (double distance : distances) {
      neighbours.add(new SplitDifficulty.Neighbour(neighbours.size(), 9, distance));
    }
    return new SplitDifficulty(
        3, 1, MeanEstimate.of(distances), MeanEstimate.of(distances), neighbours);
  }
}
