package org.ratescope.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** A study of photos of one's own, in a folder: eight grey pictures of two classes. */
record PhotoStudy(Path folder) {
  static final String PHOTOS = "{images: photos/train, size: 8, colour: grey}";

  void write() throws IOException {
    for (int i = 0; i < 8; i++) {
      picture("photos/train/%s/%d.png".formatted(i % 2 == 0 ? "even" : "odd", i), 31 * i);
    }
  }

  void picture(String file, int shade) throws IOException {
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
    for (int p = 0; p < 64; p++) {
      image.getRaster().setSample(p % 8, p / 8, 0, (shade + p) % 256);
    }
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    ImageIO.write(image, "png", path.toFile());
  }

  void study(String data, String split) throws IOException {
    Files.writeString(
        folder.resolve("study.yaml"),
        """
        data: %s
        splits: ["%s"]
        architectures: [mlp:1x4]
        latent: 2
        objective: {beta: [1]}
        restarts: 1
        training: {iterations: 5, batch: 4}
        """
            .formatted(data, split));
  }

  Call call(String command, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                command,
                folder.resolve("study.yaml").toString(),
                "--results",
                folder.resolve("results").toString()));
    words.addAll(List.of(more));
    return Call.of(folder.resolve("cache"), words.toArray(String[]::new));
  }
}
