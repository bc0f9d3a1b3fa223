package org.ratescope.dataset.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.dataset.format.WrittenFiles;
import org.ratescope.dataset.hdf5.Hdf5Resources;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.spec.data.StoredImages;

/** An array means the same as data of a study and as data of {@code evaluate}. */
class OneReaderTest {
  @TempDir Path folder;

  private ImageLibrary library() {
    return ImageLibrary.at(folder.resolve("cache"));
  }

  private static float[][] all(ImageSet images) {
    float[][] all = new float[images.size()][];
    Arrays.setAll(all, images::image);
    return all;
  }

  private static float[][] all(ArrayImages.Stored images) throws IOException {
    float[][] all = new float[images.size()][];
    images.read((row, image) -> all[row] = image.clone());
    return all;
  }

  /** Valid values of that type. */
  private static byte[] values(String type, int count) {
    SplittableRandom random = new SplittableRandom(3);
    int bytes = type.charAt(2) - '0';
    ByteBuffer values = ByteBuffer.allocate(count * bytes);
    values.order(type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      switch (type.substring(1)) {
        case "u1" -> values.put((byte) random.nextInt());
        case "b1" -> values.put((byte) random.nextInt(2));
        case "f4" -> values.putFloat(random.nextFloat());
        default -> values.putDouble(random.nextDouble());
      }
    }
    return values.array();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "|u1 @ 5, 4, 3 @ size=4x3,colour=grey @ '' @ 255 is white",
        "|u1 @ 5, 3, 4, 2 @ size=4x2,colour=rgb @ '' @ 255 is white",
        "|u1 @ 5, 4, 2, 3 @ size=4x2,colour=rgb @ '' @ 255 is white",
        "|u1 @ 5, 1, 4, 3 @ size=4x3,colour=grey @ ,layout=nchw @ 255 is white",
        "|u1 @ 5, 12 @ size=4x3,colour=grey @ '' @ 255 is white",
        "|b1 @ 5, 4, 3 @ size=4x3,colour=grey @ '' @ true is white",
        "|b1 @ 5, 12 @ size=4x3,colour=grey @ '' @ true is white",
        "<f4 @ 5, 4, 3, 1 @ size=4x3,colour=grey @ ,layout=nhwc @ 1 is white",
        "<f4 @ 5, 12 @ size=2,colour=rgb @ '' @ 1 is white",
        ">f4 @ 5, 4, 3 @ size=4x3,colour=grey @ '' @ 1 is white",
        "<f8 @ 5, 4, 3 @ size=4x3,colour=grey @ '' @ 1 is white",
        ">f8 @ 5, 3, 4, 2 @ size=4x2,colour=rgb @ '' @ 1 is white"
      })
  void bothDoorsGiveTheSameImages(String type, String sizes, String spec, String more, String white)
      throws IOException {
    int[] shape = Arrays.stream(sizes.split(", ", -1)).mapToInt(Integer::parseInt).toArray();
    int count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    byte[] array = WrittenFiles.npy(type, values(type, count), shape);
    Path npy = Files.write(folder.resolve("x.npy"), array);
    Path npz = Files.write(folder.resolve("x.npz"), WrittenFiles.zip(Map.of("a.npy", array)));
    List<float[][]> seen = new ArrayList<>();
    for (String file : new String[] {"array:" + npy, "array:%s,key=a".formatted(npz)}) {
      ImageSet data =
          library()
              .open(DataSpec.parse("%s,%s%s".formatted(file, spec, more)), BuildListener.SILENT);
      ArrayImages.Stored stored = library().open(StoredImages.parse(file + more));
      seen.add(all(data));
      assertThat(all(data)).isDeepEqualTo(seen.getFirst());
      assertThat(all(stored)).isDeepEqualTo(seen.getFirst());
      assertThat(Optional.of(stored.images().stored())).isEqualTo(data.source().stored());
      assertThat(stored.images().stored()).endsWith(white);
      assertThat(stored.shape().isPresent()).isEqualTo(shape.length > 2);
    }
  }

  @Test
  void hdf5HasTheSameDoors() throws IOException {
    Path file = Hdf5Resources.file("earliest.h5", folder);
    String array = "hdf5:%s,key=deep/er/images".formatted(file);
    ImageSet data =
        library().open(DataSpec.parse(array + ",size=6x5,colour=rgb"), BuildListener.SILENT);
    ArrayImages.Stored stored = library().open(StoredImages.parse(array));
    assertThat(all(stored)).isDeepEqualTo(all(data));
    assertThat(stored.shape().orElseThrow()).containsExactly(3, 6, 5);
  }

  /** The case {@code test01.npy}: what is refused at one door is refused at the other. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "|u1 @ 000100010100 @ '' @ no value is above 1 of 255; expected white=1 where 1 is white",
        "|u1 @ 000100010200 @ ,white=1 @ value 2 in image 1 (value 1 of it); expected 0 to 1",
        "|u1 @ 000100011500 @ ,white=16 @ value 21 in image 1 (value 1 of it); expected 0 to 16",
        "<f4 @ 0000803f0000c07f @ '' @ value NaN in image 0 (value 1 of it); expected 0 to 1",
        "<f4 @ 000000000000807f @ '' @ value Infinity in image 0 (value 1 of it); expected 0 to 1",
        "<f4 @ 000000000000c0bf @ '' @ value -1.5 in image 0 (value 1 of it); expected 0 to 1",
        "<i8 @ 0000000000000000 @ '' @ images of int64; expected uint8, bool, and float16, float32,"
            + " float64 from 0 to 1",
        "<u8 @ 0000000000000000 @ '' @ images of uint64; expected uint8, bool, and float16,"
            + " float32, float64 from 0 to 1",
        "<U1 @ 6100000062000000 @ '' @ images of str; expected uint8, bool, and float16, float32,"
            + " float64 from 0 to 1"
      })
  void bothDoorsRefuseTheSame(String type, String hex, String more, String message)
      throws IOException {
    byte[] bytes = HexFormat.of().parseHex(hex);
    int width = type.equals("<U1") ? 4 : type.charAt(2) - '0';
    int values = bytes.length / width;
    int each = values % 3 == 0 ? 3 : values;
    Path file =
        Files.write(folder.resolve("x.npy"), WrittenFiles.npy(type, bytes, values / each, 1, each));
    String array = "array:%s%s".formatted(file, more);
    String size = ",size=1x%d,colour=grey".formatted(each);
    assertThatThrownBy(() -> library().open(DataSpec.parse(array + size), BuildListener.SILENT))
        .isInstanceOf(FormatException.class)
        .hasMessage(file + ": " + message);
    assertThatThrownBy(() -> all(library().open(StoredImages.parse(array))))
        .isInstanceOf(FormatException.class)
        .hasMessage(file + ": " + message);
  }

  @Test
  void zeroAndOneAreReadWithTheirWhite() throws IOException {
    byte[] bytes = {0, 1, 1, 0};
    Path file = Files.write(folder.resolve("x.npy"), WrittenFiles.npy("|u1", bytes, 2, 2));
    float[][] images = all(library().open(StoredImages.parse("array:%s,white=1".formatted(file))));
    assertThat(images).isDeepEqualTo(new float[][] {{0, 1}, {1, 0}});
  }

  @Test
  void fourChannelsAreRefused() throws IOException {
    Path file =
        Files.write(folder.resolve("x.npy"), WrittenFiles.npy("|u1", new byte[96], 2, 4, 4, 3));
    assertThatThrownBy(
            () -> library().open(StoredImages.parse("array:%s,layout=nchw".formatted(file))))
        .isInstanceOf(FormatException.class)
        .hasMessage(file + ": images of 4 channels; expected 1 or 3 channels, or [N, D]");
  }
}
