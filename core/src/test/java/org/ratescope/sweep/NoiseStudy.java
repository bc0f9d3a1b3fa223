package org.ratescope.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.ratescope.dataset.format.WrittenFiles;
import org.ratescope.study.Study;
import org.ratescope.study.StudyFile;

/** Studies on 80 images of 4 by 4 random pixels in an array file, 40 of them for training. */
final class NoiseStudy {
  private NoiseStudy() {}

  /**
   * Writes the images, unless they are there, and the study to a folder.
   *
   * @param name of the files; other names have other images
   * @param more lines of the study: objective, evaluation, and what else it needs
   */
  static Study of(Path folder, String name, String more) throws IOException {
    Path images = folder.resolve(name + ".npy");
    if (Files.notExists(images)) {
      byte[] pixels = new byte[80 * 16];
      new Random(name.hashCode()).nextBytes(pixels);
      Files.write(images, WrittenFiles.npy("|u1", pixels, 80, 4, 4));
    }
    String text =
        """
        name: %1$s
        data: {array: %1$s.npy, size: 4, colour: grey}
        splits: [cv:0.5]
        architectures: [mlp:1x8]
        latent: 2
        training: {iterations: 20, batch: 8}
        """
            .formatted(name);
    return StudyFile.read(Files.writeString(folder.resolve(name + ".yaml"), text + more));
  }
}
