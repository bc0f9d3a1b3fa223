package org.ratescope.dataset.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.dataset.format.WrittenFiles;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.spec.data.DataSpec;

/** Sets of a catalogue in one or two files, whose images are read together. */
class SetsInPartsTest {
  @TempDir Path root;

  private ImageSet open(String data) throws IOException {
    return ImageLibrary.at(root.resolve("cache"))
        .datasets(root)
        .open(DataSpec.parse(data), BuildListener.SILENT);
  }

  /** A set of two files of one image each row, with classes. */
  private void inTwoParts(String type, byte[] first, byte[] second, int rows, double... classes)
      throws IOException {
    Path folder = Files.createDirectories(root.resolve("mine"));
    String order = type.endsWith("f4") ? "<f4" : "|u1";
    Files.write(folder.resolve("a.npy"), WrittenFiles.npy(type, first, rows, 1, 2));
    Files.write(folder.resolve("b.npy"), WrittenFiles.npy(order, second, rows, 1, 2));
    StringBuilder parts = new StringBuilder();
    for (String part : List.of("a", "b").subList(0, classes.length == 0 ? 2 : 1)) {
      parts.append(
          "    - {images: %1$s.npy%2$s}\n"
              .formatted(part, classes.length == 0 ? "" : ", labels: labels.npy"));
    }
    Files.write(
        folder.resolve("labels.npy"),
        WrittenFiles.npy("<f8", WrittenFiles.doubles(classes), classes.length));
    Files.writeString(
        root.resolve("datasets.yaml"),
        """
        mine:
          about: Mine
          files: {a.npy: {bytes: 1}, b.npy: {bytes: 1}, labels.npy: {bytes: 1}}
          images:
            form: npy
            type: %s
            size: 1x2
            colour: grey
            layout: nhw
            %s
            parts:
        """
                .formatted(
                    type.endsWith("f4") ? "float32" : "uint8",
                    classes.length == 0 ? "" : "factors: [class]\n    classes: 10")
            + parts);
  }

  /** Images of both parts are converted together. */
  @Test
  void partsMayDifferInTheOrderOfBytes() throws IOException {
    byte[] little = WrittenFiles.floats(0, 1, 1, 0);
    byte[] big = new byte[little.length];
    for (int i = 0; i < big.length; i++) {
      big[i] = little[i / 4 * 4 + 3 - i % 4];
    }
    inTwoParts(">f4", big, little, 2);
    ImageSet images = open("mine:size=1x2,colour=grey");
    for (int row = 0; row < 4; row++) {
      assertThat(images.image(row)).containsExactly(row % 2, 1 - row % 2);
    }
    byte[] nan = {0x7f, (byte) 0xc0, 0, 0, 0, 0, 0, 0};
    inTwoParts(">f4", nan, WrittenFiles.floats(0, 1), 1);
    assertThatThrownBy(() -> open("mine:size=1x2,colour=grey"))
        .hasMessageContaining("a.npy")
        .hasMessageContaining("value NaN in image 0");
  }

  @Test
  void eachPartHasValuesAboveOne() throws IOException {
    inTwoParts("|u1", new byte[] {0, 50, 90, 1}, new byte[] {0, 1, 1, 0}, 2);
    assertThatThrownBy(() -> open("mine:size=1x2,colour=grey"))
        .hasMessageContaining("b.npy: no value is above 1 of 255");
  }

  @ParameterizedTest
  @ValueSource(doubles = {10, -1, 0.5})
  void aClassIsOneOfTheStatedNumber(double other) throws IOException {
    inTwoParts("|u1", new byte[] {0, 50, 90, 1}, new byte[4], 2, 9, other);
    assertThatThrownBy(() -> open("mine:size=1x2,colour=grey"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("labels.npy: label ");
  }
}
