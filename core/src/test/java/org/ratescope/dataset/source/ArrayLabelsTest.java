package org.ratescope.dataset.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratescope.analysis.DataDescription;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.ImageSource;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.dataset.format.WrittenFiles;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.data.DataSpec;

/** Labels of arrays: numbers, texts, numbers too large for a double; and where they are. */
class ArrayLabelsTest {
  private static final byte[] SIX = {10, 20, 30, 40, 50, 60};

  @TempDir Path folder;

  private ImageLibrary library() {
    return ImageLibrary.at(folder.resolve("cache"));
  }

  /** Six images of one pixel with those labels. */
  private ImageSource source(byte[] labels) throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    members.put("imgs.npy", WrittenFiles.npy("|u1", SIX, 6, 1, 1));
    members.put("y.npy", labels);
    Path file = Files.write(folder.resolve("x.npz"), WrittenFiles.zip(members));
    return library()
        .source(DataSpec.parse("array:%s,key=imgs,labels=y,size=1,colour=grey".formatted(file)));
  }

  private static int[] heldOut(ImageSource source, String name) {
    return source.partition(Split.parse("heldout:" + name)).rows(Subset.TEST);
  }

  private static byte[] longs(long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return bytes.array();
  }

  @Test
  void textsAreClasses() throws IOException {
    String[] names = {"dog", "big cat", "dog", "Ärger", "big cat", "dog"};
    ImageSource wide = source(WrittenFiles.npy("<U7", WrittenFiles.utf32(7, names), 6));
    ImageSource narrow =
        source(
            WrittenFiles.npy(
                "|S4", "b\0\0\0a, b\0\0\0\0a, bb\0\0\0a, b".getBytes(StandardCharsets.UTF_8), 6));
    assertThat(heldOut(wide, "big cat")).containsExactly(1, 4);
    assertThat(heldOut(wide, "\"big cat\"")).containsExactly(1, 4);
    assertThat(heldOut(wide, "0")).containsExactly(1, 4);
    assertThat(heldOut(narrow, "a, b")).containsExactly(1, 3, 5);
    assertThat(heldOut(narrow, "\"\"")).as("a class without a name").containsExactly(2);
    DataDescription description =
        DataDescription.ofLabels(wide, Split.parse("heldout:\"big cat\""));
    assertThat(description.train().factors().getFirst().name()).isEqualTo("class");
    assertThat(description.fields().toString()).contains("counts={dog=3, Ärger=1}");
    assertThat(description.fields()).containsEntry("stored", "uint8 [6, 1, 1] (nhw), 255 is white");
  }

  @Test
  void theHashOfLabelsHoldsTheirTexts() throws Exception {
    ImageSource named = source(texts("cat", "dog", "cat"));
    assertThat(hash(source(texts("cat", "dog", "cat")))).isEqualTo(hash(named));
    assertThat(hash(source(texts("dog", "cat", "dog")))).as("crosswise").isNotEqualTo(hash(named));
    assertThat(hash(source(texts("ant", "bee", "ant"))))
        .as("other names of the same numbers")
        .isNotEqualTo(hash(named));
    ImageSource numbers = source(WrittenFiles.npy("<i8", longs(3, 7, 3, 3, 7, 3), 6));
    assertThat(hash(numbers))
        .as("numbers have no names")
        .isEqualTo(
            HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(doubles(3, 7, 3, 3, 7, 3))));
  }

  private static byte[] doubles(double... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    return bytes.array();
  }

  private static byte[] texts(String... names) {
    String[] twice = Stream.concat(Stream.of(names), Stream.of(names)).toArray(String[]::new);
    return WrittenFiles.npy("<U4", WrittenFiles.utf32(4, twice), 6);
  }

  private static String hash(ImageSource source) {
    return source.labelsSha256(new int[] {0, 1, 2, 3, 4, 5});
  }

  @Test
  void textsAreFactorsToo() throws IOException {
    String[] table = {"red", "1", "red", "2", "blue", "1", "blue", "2", "red", "1", "blue", "3"};
    ImageSource source = source(WrittenFiles.npy("<U4", WrittenFiles.utf32(4, table), 6, 2));
    assertThat(source.factorNames()).containsExactly("factor0", "factor1");
    assertThat(source.factors(5)).containsExactly(0, 2);
    assertThat(source.factorText(0, 0)).isEqualTo("blue");
    assertThat(source.partition(Split.parse("checkerboard")).rows(Subset.TRAIN))
        .as("blue with 1 or 2; red with 3 there is none")
        .containsExactly(2, 3);
  }

  /** The case {@code biglabels.npz}: these are one number in float64. */
  @Test
  void largeNumbersStayApart() throws IOException {
    long most = 1L << 62;
    for (String type : new String[] {"<i8", "<u8"}) {
      ImageSource source =
          source(WrittenFiles.npy(type, longs(most + 1, most, most + 2, most, 9, most + 1), 6));
      assertThat(heldOut(source, "4611686018427387905")).containsExactly(0, 5);
      assertThat(heldOut(source, "4611686018427387904")).containsExactly(1, 3);
      assertThat(heldOut(source, "9")).as("a name before a number").containsExactly(4);
    }
    ImageSource signed = source(WrittenFiles.npy("<i8", longs(Long.MIN_VALUE, -2, 10, 9, 3, 3), 6));
    assertThat(heldOut(signed, "-9223372036854775808")).containsExactly(0);
    assertThat(signed.factors(2)).as("in the order of numbers").containsExactly(4);
  }

  @Test
  void smallNumbersAreThemselves() throws IOException {
    ImageSource source = source(WrittenFiles.npy("<i8", longs(-1, 7, -1, 0, 7, 1L << 52), 6));
    assertThat(source.factors(5)).containsExactly(0x1p52);
    assertThat(heldOut(source, "-1")).containsExactly(0, 2);
    assertThat(heldOut(source, "4503599627370496")).containsExactly(5);
    ImageSource truth = source(WrittenFiles.npy("|b1", new byte[] {0, 1, 1, 0, 1, 0}, 6));
    assertThat(heldOut(truth, "1")).containsExactly(1, 2, 4);
    ImageSource swapped = source(WrittenFiles.npy(">i4", new byte[24], 6, 1));
    assertThat(swapped.factorNames()).containsExactly("class");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Infinity | label Infinity of row 2, class; expected a finite number",
        "-Infinity | label -Infinity of row 2, class; expected a finite number",
        "NaN | label NaN of row 2, class; expected a finite number",
        "0.5 | label 0.5 of row 2; expected a whole number or a text for each image, or [6,"
            + " FACTORS] with two factors or more"
      })
  void labelsThatAreNoClasses(double label, String message) {
    double[] labels = {0, 1, label, 0, 1, 0};
    assertThatThrownBy(() -> source(WrittenFiles.npy("<f8", WrittenFiles.doubles(labels), 6)))
        .isInstanceOf(FormatException.class)
        .hasMessage(folder.resolve("x.npz") + " (array y): " + message);
  }

  @Test
  void oneLabelForEachImage() {
    for (int[] shape : new int[][] {{5}, {7}, {6, 1, 1}, {1, 6}}) {
      int count = shape[0] * (shape.length > 1 ? shape[1] : 1);
      assertThatThrownBy(() -> source(WrittenFiles.npy("<i8", new byte[8 * count], shape)))
          .isInstanceOf(FormatException.class)
          .hasMessageEndingWith("expected [6] or [6, FACTORS]");
    }
  }

  /** The case {@code inf.npz}, in a table of factors. */
  @Test
  void factorsMustBeFinite() {
    double[] table = {0, 1, 0, 2, 0, 3, 0, 4, 0, Double.NaN, 0, 1};
    assertThatThrownBy(() -> source(WrittenFiles.npy("<f8", WrittenFiles.doubles(table), 6, 2)))
        .hasMessageEndingWith("label NaN of row 4, factor1; expected a finite number");
  }

  /** The case {@code labels=/absolute/y.npy}; also beside the images, in another folder, quoted. */
  @Test
  void labelsOfAnNpyFileWhereverItIs() throws IOException {
    Path other = Files.createDirectories(folder.resolve("other"));
    Path images = Files.write(folder.resolve("a, b=c.NPY"), WrittenFiles.npy("|u1", SIX, 6, 1, 1));
    byte[] labels = WrittenFiles.npy("<i8", longs(0, 0, 1, 1, 2, 2), 6);
    Files.write(folder.resolve("y.npy"), labels);
    Files.write(other.resolve("my labels, 2.npy"), labels);
    Path here = Path.of("").toAbsolutePath();
    for (Path path : new Path[] {images, here.relativize(images.toAbsolutePath())}) {
      for (String where :
          new String[] {
            "y.npy",
            folder.resolve("y.npy").toAbsolutePath().toString(),
            "\"other/my labels, 2.npy\"",
            "\"" + other.resolve("my labels, 2.npy").toAbsolutePath() + "\""
          }) {
        String text = "array:\"%s\",name=n,size=1,colour=grey,labels=%s".formatted(path, where);
        ImageSet set = library().open(DataSpec.parse(text), BuildListener.SILENT);
        assertThat(heldOut(set.source(), "1")).as(text).containsExactly(2, 3);
        assertThat(DataSpec.parse(set.spec().text())).isEqualTo(set.spec());
      }
    }
  }

  @Test
  void anNpyFileHasNoKey() throws IOException {
    Path file = Files.write(folder.resolve("x.npy"), WrittenFiles.npy("|u1", SIX, 6, 1, 1));
    assertThatThrownBy(
            () ->
                library()
                    .source(DataSpec.parse("array:%s,key=imgs,size=1,colour=grey".formatted(file))))
        .isInstanceOf(FormatException.class)
        .hasMessage(file + ": got key=imgs; expected no key, since an .npy file has one array");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2, 4, 8, 8 | shape [2, 4, 8, 8] has no axis of 1 or 3 channels; expected",
        "2, 5, 5, 4 | shape [2, 5, 5, 4] has no axis of 1 or 3 channels; expected",
        "2, 2, 2, 2, 2 | shape [2, 2, 2, 2, 2]; expected [N, D], [N, H, W]",
        "4 | shape [4]; expected [N, D], [N, H, W]"
      })
  void otherShapesAreNamed(String shape, String message) throws IOException {
    int[] sizes = Arrays.stream(shape.split(", ", -1)).mapToInt(Integer::parseInt).toArray();
    int count = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
    Path file =
        Files.write(folder.resolve("x.npy"), WrittenFiles.npy("|u1", new byte[count], sizes));
    assertThatThrownBy(
            () -> library().source(DataSpec.parse("array:%s,size=3,colour=rgb".formatted(file))))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(file + ": " + message);
  }
}
