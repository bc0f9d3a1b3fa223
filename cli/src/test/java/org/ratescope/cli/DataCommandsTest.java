package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.cli.process.ExitCode;

/** The commands on data sets from files. */
class DataCommandsTest {
  @TempDir Path folder;

  @BeforeEach
  void photos() throws IOException {
    for (int i = 0; i < 20; i++) {
      Path file = folder.resolve("photos/%s/%02d.png".formatted(i % 2 == 0 ? "cats" : "dogs", i));
      Files.createDirectories(file.getParent());
      BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
      for (int p = 0; p < 64; p++) {
        image.setRGB(p % 8, p / 8, 0x010101 * (i + p));
      }
      assertThat(ImageIO.write(image, "png", file.toFile())).isTrue();
    }
  }

  private Call call(String... arguments) {
    return Call.of(folder.resolve("cache"), arguments);
  }

  private String photosText() {
    return "images:%s,size=4,colour=grey".formatted(folder.resolve("photos"));
  }

  @Test
  void aFolderIsDescribed() throws IOException {
    Call described =
        call("data", "describe", photosText(), "--split", "heldout:cats", "--images", "--json");
    assertThat(described.code()).as(described.err()).isZero();
    JsonNode facts = new ObjectMapper().readTree(described.out());
    assertThat(facts.get("data").textValue()).isEqualTo("images:name=photos,size=4,colour=grey");
    assertThat(facts.get("train").intValue()).isEqualTo(10);
    assertThat(facts.get("factors").get(0).textValue()).isEqualTo("class");
    // the darkest and the brightest 2×2 mean of pictures 1 and 19 of dogs, rounded half up
    assertThat(facts.get("trainMinimum").doubleValue()).isEqualTo(6 / 255f);
    assertThat(facts.get("trainMaximum").doubleValue()).isEqualTo(78 / 255f);
  }

  /**
   * The case {@code spaces/}: the values that an error offers can be pasted, and classes have their
   * names.
   */
  @Test
  void offeredClassesAreAccepted() throws IOException {
    Path photos = folder.resolve("photos");
    Files.move(photos.resolve("cats"), photos.resolve("big cat, old"));
    Files.move(photos.resolve("dogs"), photos.resolve("hundé"));
    Call refused = call("data", "describe", photosText(), "--split", "heldout:9");
    assertThat(refused.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(refused.err()).contains("CLASS one of \"big cat\\u002c old\" hundé");
    for (String pasted :
        new String[] {"\"big cat\\u002c old\"", "\"big cat, old\"", "big cat, old", "0"}) {
      Call described =
          call("data", "describe", photosText(), "--split", "heldout:" + pasted, "--json");
      assertThat(described.code()).as(described.err()).isZero();
      JsonNode facts = new ObjectMapper().readTree(described.out());
      assertThat(facts.at("/testFactors/0/counts/big cat, old").intValue()).isEqualTo(10);
      assertThat(facts.at("/trainFactors/0/counts/hundé").intValue()).isEqualTo(10);
    }
  }

  @Test
  void aFolderIsShownAndBuilt() throws IOException {
    Path sheet = folder.resolve("sheet.png");
    Call shown = call("data", "show", photosText(), "--out", sheet.toString());
    assertThat(shown.code()).as(shown.err()).isZero();
    assertThat(ImageIO.read(sheet.toFile()).getWidth()).isEqualTo(14 * 68 + 4);
    Call built = call("data", "build", photosText());
    assertThat(built.code()).as(built.err()).isZero();
    assertThat(built.out()).contains("images.u8");
    Call pieces = call("data", "show", "mnist", "--pieces");
    assertThat(pieces.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(pieces.err())
        .isEqualTo(
            "ratescope: --pieces: got mnist; expected tetrominoes, the only data set with pieces"
                + System.lineSeparator());
  }

  @Test
  void missingFilesEndWithOneAndNameTheDownloadCommand() {
    Call call = call("data", "describe", "mnist", "--data", folder.resolve("elsewhere").toString());
    assertThat(call.code()).isEqualTo(ExitCode.FAILED);
    assertThat(call.err().lines()).hasSize(1);
    assertThat(call.err())
        .contains(
            "data set mnist is not here: ",
            "train-images-idx3-ubyte",
            "elsewhere",
            "ratescope data get mnist");
  }

  @Test
  void impossibleSplitsAreUsageErrors() throws IOException {
    Path study =
        Files.writeString(
            folder.resolve("study.yaml"),
            """
            data: {images: photos, size: 4, colour: grey}
            splits: checkerboard
            architectures: mlp:1x8
            objective: {beta: 1}
            """);
    String results = folder.resolve("results").toString();
    for (Call call :
        new Call[] {
          call("data", "describe", photosText(), "--split", "checkerboard"),
          call("run", study.toString(), "--results", results),
          call("plan", study.toString(), "--results", results)
        }) {
      assertThat(call.code()).isEqualTo(ExitCode.WRONG_CALL);
      assertThat(call.err())
          .contains("split checkerboard is impossible for photos, which has fewer than two factors")
          .contains("expected default, cv:RATIO, heldout:CLASS with CLASS one of cats dogs")
          .doesNotContain("\tat ");
    }
  }
}
