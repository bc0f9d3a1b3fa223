package org.ratescope.dataset.source;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ratescope.dataset.format.WrittenFiles;

/** Data roots for tests: the real files where they are at hand, and stand-ins. */
public final class DataFolder {
  /** Beside the repository; the tests that need it say so when they are left out. */
  private static final Path SHARED = Path.of("..", "..", "shared", "data");

  private DataFolder() {}

  /** A data root with the real files of MNIST; leaves the test out where they are missing. */
  public static Path mnist(Path root) throws IOException {
    Path files = shared();
    assumeThat(files.resolve("mnist/train-images-idx3-ubyte.gz"))
        .as("the real files of MNIST in ../shared/data/mnist")
        .exists();
    Path folder = Files.createDirectories(root.resolve("mnist"));
    try (var all = Files.newDirectoryStream(files.resolve("mnist"), "*.gz")) {
      for (Path file : all) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    return root;
  }

  private static Path shared() {
    Path beside = Path.of("..", "shared", "data"); // when run from the repository's root
    return Files.isDirectory(beside) ? beside : SHARED;
  }

  /** A data root with a set of few images in the four files of MNIST. */
  public static Path tinyMnist(Path root, String name, int train, int test) throws IOException {
    Path folder = Files.createDirectories(root.resolve(name));
    int[] counts = {train, test};
    String[] parts = {"train", "t10k"};
    for (int part = 0; part < 2; part++) {
      byte[] images = new byte[counts[part] * 784];
      byte[] labels = new byte[counts[part]];
      for (int i = 0; i < images.length; i++) {
        int n = i / 784;
        images[i] =
            (byte) (i % 28 == 4 + n % 10 || i / 28 % 28 == 7 + n / 10 % 10 ? 255 - n % 7 : 0);
        labels[n] = (byte) (n % 10);
      }
      Files.write(
          folder.resolve(parts[part] + "-images-idx3-ubyte"),
          WrittenFiles.idx(images, counts[part], 28, 28));
      Files.write(
          folder.resolve(parts[part] + "-labels-idx1-ubyte.gz"),
          WrittenFiles.gzip(WrittenFiles.idx(labels, counts[part])));
    }
    return root;
  }

  /** A data root with the stand-ins for SmallNORB, the same in both parts. */
  public static Path smallNorb(Path root) throws IOException {
    Path folder = Files.createDirectories(root.resolve("smallnorb"));
    for (String part : new String[] {"dat", "cat", "info"}) {
      Path file = WrittenFiles.resource("synthetic-smallnorb-%s.mat.gz".formatted(part), root);
      Files.copy(
          file,
          folder.resolve("smallnorb-5x46789x9x18x6x2x96x96-training-%s.mat.gz".formatted(part)));
      Files.move(
          file,
          folder.resolve("smallnorb-5x01235x9x18x6x2x96x96-testing-%s.mat.gz".formatted(part)));
    }
    return root;
  }

  /** A data root with a stand-in for 3dShapes. */
  public static Path shapes3d(Path root, String standIn) throws IOException {
    Path folder = Files.createDirectories(root.resolve("3dshapes"));
    Files.move(
        WrittenFiles.resource("synthetic-3dshapes-%s.h5".formatted(standIn), root),
        folder.resolve("3dshapes.h5"));
    return root;
  }

  /**
   * A data root with invented glyphs of all syllables: in glyph n, pixel p is ink if bit p mod 14
   * of n is set.
   */
  public static Path hangul(Path root) throws IOException {
    Path folder = Files.createDirectories(root.resolve("hangul"));
    StringBuilder lines = new StringBuilder("0041:00000000182424427E42424242420000\n");
    for (int n = 0; n < 11_172; n++) {
      lines.append("%04X:".formatted(0xAC00 + n));
      for (int digit = 0; digit < 64; digit++) {
        int bits = 0;
        for (int p = 4 * digit; p < 4 * digit + 4; p++) {
          bits = 2 * bits + (n >> p % 14 & 1);
        }
        lines.append(Character.toUpperCase(Character.forDigit(bits, 16)));
      }
      lines.append('\n');
    }
    Files.writeString(folder.resolve("unifont.hex"), lines);
    return root;
  }
}
