package org.ratescope.dataset.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.ImageSource;
import org.ratescope.dataset.Partition;
import org.ratescope.dataset.PixelType;
import org.ratescope.dataset.catalogue.Catalogue;
import org.ratescope.dataset.catalogue.ImageDescription;
import org.ratescope.dataset.catalogue.KnownSet;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.dataset.format.WrittenFiles;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.io.Sha256;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.data.CatalogueImages;
import org.ratescope.spec.data.DataSpec;

/** MNIST, SmallNORB and 3dShapes: the real files where they are at hand, else stand-ins. */
class NamedSetsTest {
  @TempDir Path root;

  private ImageLibrary library() {
    return ImageLibrary.at(root.resolve("cache")).datasets(root);
  }

  private ImageSet open(String data) throws IOException {
    return library().open(DataSpec.parse(data), BuildListener.SILENT);
  }

  private static int[] counts(ImageSource source, int from, int to) {
    int[] counts = new int[10];
    for (int row = from; row < to; row++) {
      counts[(int) source.factors(row)[0]]++;
    }
    return counts;
  }

  /** Means, standard deviations and label counts as others have published them. */
  @Test
  void realMnist() throws IOException {
    DataFolder.mnist(root);
    ImageSet images = open("mnist");
    assertThat(images.size()).isEqualTo(70_000);
    assertThat(images.pixels()).isEqualTo(PixelType.UINT8);
    assertThat(images.file()).hasFileName("images.u8").hasSize(70_000L * 784);
    assertThat(counts(images.source(), 0, 60_000))
        .containsExactly(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949);
    assertThat(counts(images.source(), 60_000, 70_000))
        .containsExactly(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);
    meanAndDeviation(images, 0, 60_000, 0.130660, 0.308108);
    meanAndDeviation(images, 60_000, 70_000, 0.132515, 0.310480);
    assertThat(images.sha256(IntStream.range(0, 70_000).toArray())).isEqualTo(images.sha256());
    Partition nines = images.partition(Split.parse("heldout:9"));
    assertThat(nines.size(Subset.TRAIN)).isEqualTo(54_051);
    assertThat(nines.size(Subset.TEST)).isEqualTo(1009);
    for (int row : nines.rows(Subset.TEST)) {
      assertThat(images.source().factors(row)).containsExactly(9);
      assertThat(row).isGreaterThanOrEqualTo(60_000);
    }
    assertThat(images.partition(Split.parse("cv:0.2")).size(Subset.TRAIN)).isEqualTo(14_000);
    assertThat(images.partition(Split.parse("official")).size(Subset.TEST)).isEqualTo(10_000);
  }

  private static void meanAndDeviation(
      ImageSet images, int from, int to, double mean, double deviation) {
    float[] image = new float[784];
    double sum = 0;
    double squares = 0;
    for (int row = from; row < to; row++) {
      images.read(row, image);
      for (float value : image) {
        sum += value;
        squares += (double) value * value;
      }
    }
    double count = 784.0 * (to - from);
    assertThat(sum / count).isCloseTo(mean, within(5e-7));
    assertThat(Math.sqrt(squares / count - sum * sum / count / count))
        .isCloseTo(deviation, within(5e-7));
  }

  @Test
  void keptImagesAreReadOnceAndMadeAgainWhenTheFilesChange() throws IOException {
    DataFolder.tinyMnist(root, "fashion-mnist", 30, 20);
    ImageSet images = open("fashion-mnist");
    assertThat(images.size()).isEqualTo(50);
    assertThat(images.image(33)[28 * 7 + 1]).isEqualTo(252 / 255f); // test image 3, row 7
    DataSpec spec = DataSpec.parse("fashion-mnist");
    library().open(spec, (what, done, total) -> assertThat(what).as("again").isEmpty());
    Path labels = root.resolve("fashion-mnist/t10k-labels-idx1-ubyte.gz");
    Files.setLastModifiedTime(labels, FileTime.fromMillis(1_000_000_000_000L));
    String[] told = new String[1];
    library().open(spec, (what, done, total) -> told[0] = what);
    assertThat(told[0])
        .isEqualTo(
            "images of fashion-mnist, again: the files they are read from, or their description in a catalogue, have changed");
  }

  /** Each of these changes other pixels, and no file. */
  @ParameterizedTest
  @ValueSource(strings = {"key: b", "white: 100", "layout: nchw"})
  void keptImagesAreMadeAgainWhenTheCatalogueReadsOtherValues(String setting) throws IOException {
    byte[] pixels = new byte[10 * 3 * 3 * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i % 101);
    }
    byte[] others = new byte[pixels.length];
    Arrays.fill(others, (byte) 50);
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    arrays.put("a.npy", WrittenFiles.npy("|u1", pixels, 10, 3, 3, 3));
    arrays.put("b.npy", WrittenFiles.npy("|u1", others, 10, 3, 3, 3));
    Path file = Files.createDirectories(root.resolve("mine")).resolve("x.npz");
    Files.write(file, WrittenFiles.zip(arrays));
    String entry =
        """
        mine:
          about: Mine
          files: {x.npz: {bytes: %d}}
          images:
            form: npz
            size: 3
            colour: rgb
            white: 200
            layout: nhwc
            parts: [{images: {file: x.npz, key: a}}]
        """
            .formatted(Files.size(file));
    Path catalogue = root.resolve("datasets.yaml");
    Files.writeString(catalogue, entry);
    ImageSet before = open("mine:size=3,colour=rgb");
    assertThat(open("mine:size=3,colour=rgb").sha256()).isEqualTo(before.sha256());
    String changed = entry.replaceFirst(setting.replaceFirst(":.*", ": ") + "\\w+", setting);
    assertThat(changed).isNotEqualTo(entry);
    Files.writeString(catalogue, changed);
    String[] told = new String[1];
    ImageSet after =
        library()
            .open(DataSpec.parse("mine:size=3,colour=rgb"), (what, done, total) -> told[0] = what);
    assertThat(told[0]).endsWith("or their description in a catalogue, have changed");
    assertThat(after.sha256()).isNotEqualTo(before.sha256());
  }

  /** A text of the paper's sets states a shape that the built-in catalogue describes. */
  @Test
  void thePapersSetsAreDescribed() {
    for (String name : CatalogueImages.published()) {
      CatalogueImages spec = (CatalogueImages) DataSpec.parse(name);
      ImageDescription description =
          Catalogue.builtIn().set(name).flatMap(KnownSet::images).orElseThrow();
      assertThat(description.colour()).isEqualTo(spec.colour());
      List<Integer> sides = new ArrayList<>(description.resolutions());
      sides.add(description.height());
      assertThat(sides).as(name).contains(spec.height(), spec.width());
      for (int side : description.resolutions()) {
        assertThat(DataSpec.parse(name + ":resolution=" + side).width()).isEqualTo(side);
      }
    }
  }

  @Test
  void missingFilesAreNamedWithTheCommandThatGetsThem() {
    assertThatThrownBy(() -> library().source(DataSpec.parse("mnist")))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "data set mnist is not here: %s has none of train-images-idx3-ubyte,"
                    .formatted(root.resolve("mnist"))
                + " train-images-idx3-ubyte.gz, train-images.idx3-ubyte,"
                + " train-images.idx3-ubyte.gz; 'ratescope data get mnist' gets it, 'ratescope data"
                + " get mnist --from PATH' takes files you have");
  }

  @Test
  void wrongFilesAreRefused() throws IOException {
    DataFolder.tinyMnist(root, "mnist", 30, 20);
    Path labels = root.resolve("mnist/t10k-labels-idx1-ubyte.gz");
    refused(
        labels,
        WrittenFiles.idx(new byte[19], 19),
        "labels of shape [19]; expected [20], as many as images");
    byte[] wrong = new byte[20];
    wrong[13] = 10;
    refused(labels, WrittenFiles.idx(wrong, 20), "label 10 of image 13; expected 0 to 9");
    Path images = root.resolve("mnist/t10k-images-idx3-ubyte");
    refused(
        images,
        WrittenFiles.idx(new byte[20 * 32 * 32], 20, 32, 32),
        "uint8 of shape [20, 32, 32]; expected uint8 of shape [N, 28, 28]");
  }

  private void refused(Path file, byte[] content, String message) throws IOException {
    byte[] before = Files.readAllBytes(file);
    Files.write(file, content);
    assertThatThrownBy(() -> library().source(DataSpec.parse("mnist")))
        .isInstanceOf(FormatException.class)
        .hasMessage(file + ": " + message);
    Files.write(file, before);
  }

  /** Damage that shows only in the values is told when the images are made. */
  @Test
  void damagedContentIsNamedWhenItIsRead() throws IOException {
    DataFolder.tinyMnist(root, "mnist", 30, 20);
    Path images = root.resolve("mnist/t10k-images-idx3-ubyte");
    byte[] zipped = WrittenFiles.gzip(Files.readAllBytes(images));
    Files.delete(images);
    Path cut = Files.write(Path.of(images + ".gz"), Arrays.copyOf(zipped, zipped.length - 9));
    assertThatThrownBy(() -> open("mnist"))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(cut + ": damaged at offset ");
  }

  @Test
  void smallNorbOfOneCamera() throws IOException {
    DataFolder.smallNorb(root);
    for (int camera = 0; camera < 2; camera++) {
      ImageSet images = open("smallnorb:resolution=96,camera=" + camera);
      assertThat(images.size()).isEqualTo(12);
      assertThat(images.source().factorNames())
          .containsExactly("class", "instance", "elevation", "azimuth", "lighting");
      assertThat(images.source().factors(10)).containsExactly(4, 9, 4, 8, 4);
      for (int n = 0; n < 12; n++) {
        float[] image = images.image(n);
        for (int i = 0; i < image.length; i++) {
          int value = (7 * (n % 6) + 3 * camera + i / 96 + 2 * (i % 96)) % 256;
          assertThat(image[i]).isEqualTo(value / 255f);
        }
      }
    }
  }

  @Test
  void smallNorbOfBothCamerasReduced() throws IOException {
    DataFolder.smallNorb(root);
    ImageSet images = open("smallnorb:camera=both,resolution=32");
    assertThat(images.size()).isEqualTo(24);
    assertThat(images.source().factorNames()).endsWith("camera");
    assertThat(images.source().factors(21)).containsExactly(4, 9, 4, 8, 4, 1);
    // three by three pixels around (1, 1) of record 4, camera 1: mean 28 + 3 + 1 + 2
    assertThat(images.image(21)[0]).isEqualTo(34 / 255f);
    Partition official = images.partition(Split.parse("official"));
    assertThat(official.size(Subset.TRAIN)).isEqualTo(12);
    Partition cars = images.partition(Split.parse("heldout:4"));
    assertThat(cars.rows(Subset.TRAIN)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 10, 11);
    assertThat(cars.rows(Subset.TEST)).containsExactly(20, 21);
    assertThat(images.partition(Split.parse("checkerboard")).size(Subset.TRAIN)).isPositive();
    assertThat(images.partition(Split.parse("checkerboard:3")).size(Subset.TEST)).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"chunked-gzip, 60", "contiguous, 4"})
  void shapes3d(String standIn, int count) throws IOException {
    DataFolder.shapes3d(root, standIn);
    ImageSet images = open("3dshapes");
    assertThat(images.size()).isEqualTo(count);
    assertThat(images.source().factorNames())
        .containsExactly("floor-hue", "wall-hue", "object-hue", "scale", "shape", "orientation");
    for (int n = 0; n < count; n++) {
      float[] image = images.image(n);
      for (int i = 0; i < image.length; i++) {
        int value = (5 * n + i / 64 % 64 + i % 64 + 40 * (i / 4096)) % 256;
        assertThat(image[i]).isEqualTo(value / 255f);
      }
      int shape = n / 15;
      assertThat(images.source().factors(n)[4]).isEqualTo(shape);
    }
    // rows 0 and 1, columns 0 and 1 of the first image in green: 40, 41, 41, 42
    assertThat(open("3dshapes:resolution=32").image(0)[1024]).isEqualTo(41 / 255f);
  }

  /** Of the stand-in's six factors only shape (4 values) and orientation (15) vary. */
  @Test
  void shapes3dOnACheckerboard() throws IOException {
    DataFolder.shapes3d(root, "chunked-gzip");
    ImageSource source = library().source(DataSpec.parse("3dshapes"));
    Partition board = source.partition(Split.parse("checkerboard"));
    List<Integer> expected =
        IntStream.range(0, 60)
            .filter(n -> (n / 15 * 2 / 4 + n % 15 * 2 / 15) % 2 == 0)
            .boxed()
            .toList();
    assertThat(Arrays.stream(board.rows(Subset.TRAIN)).boxed()).isEqualTo(expected);
    Partition dense = source.partition(Split.parse("cd:0.25")); // 2 of 4 shapes, 8 of 15 angles
    assertThat(dense.size(Subset.TRAIN) + dense.size(Subset.TEST)).isEqualTo(16);
  }

  /** The grid has no class, so there is no heldout split; all others are there. */
  @Test
  void hangulIsAGridOfThreeFactors() throws IOException {
    DataFolder.hangul(root);
    ImageSet images = open("hangul:size=16,colour=grey");
    assertThat(images.size()).isEqualTo(19 * 21 * 28);
    assertThat(images.pixels()).isEqualTo(PixelType.UINT8);
    assertThat(images.source().factorNames()).containsExactly("initial", "medial", "final");
    for (int n : new int[] {0, 1, 27, 28, 587, 588, 5000, 11_171}) {
      int initial = n / 588;
      assertThat(images.source().factors(n)).containsExactly(initial, n / 28 % 21, n % 28);
      float[] image = images.image(n);
      for (int p = 0; p < 256; p++) {
        assertThat(image[p]).isEqualTo((float) (n >> p % 14 & 1));
      }
    }
    assertThat(images.partition(Split.parse("cv:0.1")).size(Subset.TRAIN)).isEqualTo(1117);
    assertThat(images.partition(Split.parse("default")).size(Subset.TRAIN)).isEqualTo(5586);
    Partition board = images.partition(Split.parse("checkerboard"));
    for (int row : board.rows(Subset.TRAIN)) { // of 19, 21 and 28 values the first 10, 11 and 14
      int cells = (row / 588 < 10 ? 0 : 1) + (row / 28 % 21 < 11 ? 0 : 1) + row % 28 / 14;
      assertThat(cells % 2).isZero();
    }
    assertThat(board.size(Subset.TRAIN)).isEqualTo(10 * 11 * 14 + 14 * (10 * 10 + 9 * 11 + 9 * 10));
    Partition box = images.partition(Split.parse("cd:0.2")); // the middle 11, 12 and 16 values
    assertThat(box.size(Subset.TRAIN) + box.size(Subset.TEST)).isEqualTo(11 * 12 * 16);
  }

  /** Golden values of an independent Python program over Unifont 15.0.01. */
  @Test
  void realHangul() throws IOException {
    Path font = Path.of("/usr/share/unifont/unifont.hex");
    assumeThat(font).as("unifont.hex of the Debian package unifont").exists();
    assumeThat(Sha256.ofText(Files.readString(font)))
        .isEqualTo("fe93c0df9a69e71df0fcf9e71af3adab3c85a393b1a3cae1eb32f69880fc1841");
    Files.createDirectories(root.resolve("hangul"));
    Files.copy(font, root.resolve("hangul/unifont.hex"));
    ImageSet images = open("hangul:size=16,colour=grey");
    assertThat(images.sha256())
        .isEqualTo("dbe52c6d44e53d7411e8df154f0fb2cd66a412e4462600540249c2cb8f1c8134");
  }
}
