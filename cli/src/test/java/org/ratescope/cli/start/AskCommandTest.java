package org.ratescope.cli.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.ratescope.cli.Call;
import org.ratescope.cli.SharedCache;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.dataset.catalogue.Catalogue;
import org.ratescope.dataset.catalogue.KnownSet;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.study.Study;
import org.ratescope.study.StudyFile;

@Execution(ExecutionMode.CONCURRENT)
class AskCommandTest {
  @TempDir Path folder;

  private static Call call(String... arguments) {
    return Call.of(SharedCache.folder(), arguments);
  }

  private Path pictures(String name, int count, int width, int type) throws IOException {
    Path place = Files.createDirectories(folder.resolve(name));
    for (int i = 0; i < count; i++) {
      BufferedImage image = new BufferedImage(width, 8, type);
      for (int p = 0; p < 8 * width; p++) {
        image.setRGB(p % width, p / width, p * 0x30509 * (i + 1));
      }
      assertThat(ImageIO.write(image, "png", place.resolve("%02d.png".formatted(i)).toFile()))
          .isTrue();
    }
    return place;
  }

  private ImagesGuess guess(Path data) throws IOException {
    return ImagesGuess.of(data.toString(), ImageLibrary.at(folder.resolve("cache")));
  }

  @Test
  void helpListsEveryDataSetOfTheCatalogue() {
    for (String command : List.of("ask", "init")) {
      String help = call("help", command).out().replaceAll("\\s+", " ");
      for (KnownSet known : Catalogue.builtIn().sets()) {
        assertThat(help).as(command).containsPattern("data set:[^.]*\\b" + known.name() + "\\b");
      }
    }
    String get = call("help", "data", "get").out().replaceAll("\\s+", " ");
    for (KnownSet known : Catalogue.builtIn().sets()) {
      assertThat(get).containsPattern("Data sets:[^.]*\\b" + known.name() + "\\b");
    }
  }

  @Test
  void aFolderIsAskedAndAskedAgain() throws IOException {
    Path photos = pictures("photos", 40, 8, BufferedImage.TYPE_BYTE_GRAY);
    String study = folder.resolve("mine.yaml").toString();
    String results = folder.resolve("results").toString();
    Call first = call("ask", photos.toString(), study, "--minutes", "0.01", "--results", results);
    String written = Files.readString(Path.of(study));
    Call again = call("ask", photos.toString(), study, "--results", results);
    Path other = pictures("other", 40, 9, BufferedImage.TYPE_BYTE_GRAY);
    Call mixed = call("ask", other.toString(), study, "--results", results);
    Path namesake = pictures("elsewhere/photos", 40, 8, BufferedImage.TYPE_BYTE_GRAY);
    Call sameName = call("ask", namesake.toString(), study, "--results", results);
    Call init = call("init", study, "--data", photos.toString());

    assertThat(first.code()).as(first.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(first.err()).contains("mine.yaml: 48 runs, about ").contains("/48 runs done");
    assertThat(first.out()).endsWith("report.html\n");
    assertThat(folder.resolve("results/mine/report.html")).isNotEmptyFile();
    Study read = StudyFile.read(Path.of(study));
    assertThat(read.name()).isEqualTo("mine");
    assertThat(read.runs()).hasSize(48);
    assertThat(read.training().iterations()).as("the fewest").isEqualTo(200);
    assertThat(written)
        .contains("data: {images: photos, size: 8, colour: grey}", "# 40 pictures of 8x8 pixels");
    assertThat(again.code()).as(again.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(again.err()).contains("exists and is used as it is").doesNotContain("training: ");
    assertThat(Files.readString(Path.of(study))).isEqualTo(written);
    assertThat(mixed.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(mixed.err())
        .contains(
            "is a study of images:%s, not of images:%s; give"
                .formatted(photos.toRealPath(), other.toRealPath()))
        .endsWith(" NAME'\n");
    assertThat(sameName.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(sameName.err())
        .contains(", not of images:" + namesake.toRealPath())
        .endsWith("'ratescope ask %s NAME --results DIR'\n".formatted(namesake));
    assertThat(init.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(init.err()).contains("exists and is not replaced");
  }

  /** Only the images must be the same. */
  @Test
  void aStudyWithAnotherSizeIsStillOneOfTheImages() throws IOException {
    Path photos = pictures("photos", 12, 8, BufferedImage.TYPE_BYTE_GRAY);
    Path study =
        Files.writeString(
            folder.resolve("edited.yaml"),
            """
            data: {images: photos, size: 4, colour: grey}
            splits: [cv:0.5]
            architectures: [mlp:1x4]
            latent: 2
            objective: {beta: 1}
            restarts: 1
            training: {iterations: 5, batch: 4}
            """);
    String results = folder.resolve("edited").toString();
    Call call = call("ask", photos.toString(), study.toString(), "--results", results);

    assertThat(call.code()).as(call.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(call.err()).contains("exists and is used as it is");
  }

  @Test
  void sizeAndColourAreReadFromTheFiles() throws IOException {
    assertThat(guess(pictures("grey", 3, 8, BufferedImage.TYPE_BYTE_GRAY)).settings())
        .containsEntry("size", "8")
        .containsEntry("colour", "grey")
        .doesNotContainKey("fit");
    assertThat(guess(pictures("wide", 3, 12, BufferedImage.TYPE_INT_RGB)).settings())
        .containsEntry("size", "8x12")
        .containsEntry("colour", "rgb");
    Path mixed = pictures("mixed", 30, 8, BufferedImage.TYPE_BYTE_GRAY);
    assertThat(ImageIO.write(new BufferedImage(70, 8, 1), "png", mixed.resolve("00.png").toFile()))
        .isTrue();
    assertThat(guess(mixed).settings()).containsEntry("size", "32").containsEntry("fit", "crop");
  }

  @Test
  void theShapeOfAnArrayIsRead() throws IOException {
    ImagesGuess guess = guess(npy("a.npy", "(20, 6, 5, 3)", 20 * 6 * 5 * 3));
    ImagesGuess flat = guess(npy("b.npy", "(20, 49)", 20 * 49));

    assertThat(guess.yaml(folder)).isEqualTo("{array: a.npy, size: 6x5, colour: rgb}");
    assertThat(guess.spec(folder).dimensions()).isEqualTo(90);
    assertThat(flat.yaml(folder)).isEqualTo("{array: b.npy, size: 7, colour: grey}");
  }

  @Test
  void setsOfTheCatalogueHaveTheirOwnSize() throws IOException {
    ImageLibrary library = ImageLibrary.at(folder.resolve("cache"));

    assertThat(ImagesGuess.of("hangul", library).yaml(folder))
        .isEqualTo("{set: hangul, size: 16, colour: grey}");
    assertThat(ImagesGuess.of("mnist", library).yaml(folder)).isEqualTo("{set: mnist}");
  }

  private Path npy(String name, String shape, int bytes) throws IOException {
    String header = "{'descr': '|u1', 'fortran_order': False, 'shape': %s, }".formatted(shape);
    byte[] text =
        (header + " ".repeat(117 - header.length()) + "\n").getBytes(StandardCharsets.US_ASCII);
    byte[] file = new byte[10 + text.length + bytes];
    System.arraycopy(
        new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0}, 0, file, 0, 10);
    System.arraycopy(text, 0, file, 10, text.length);
    return Files.write(folder.resolve(name), file);
  }

  @Test
  void unknownImagesAreCorrected() throws IOException {
    pictures("photos", 1, 8, BufferedImage.TYPE_BYTE_GRAY);
    Call wrong = call("ask", folder.resolve("photso").toString());
    Call set = call("init", "--data", "mnits");

    assertThat(wrong.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(wrong.err()).contains("(did you mean " + folder.resolve("photos") + "?)");
    assertThat(set.err()).endsWith("(did you mean mnist?)\n");
    assertThat(call("init", "a b").err()).contains("expected a name of 1 to 64 letters");
  }
}
