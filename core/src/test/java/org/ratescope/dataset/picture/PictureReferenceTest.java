package org.ratescope.dataset.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.dataset.format.FormatException;

/** Pictures of all formats compared with Pillow; the README beside the resource describes how. */
public final class PictureReferenceTest {
  private static final Map<String, byte[]> ENTRIES = entries();

  @TempDir Path folder;

  private static Map<String, byte[]> entries() {
    Map<String, byte[]> entries = new TreeMap<>();
    try (ZipInputStream zip =
        new ZipInputStream(
            Objects.requireNonNull(
                PictureReferenceTest.class.getResourceAsStream("pictures.zip")))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
      return entries;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The content of one of the files. */
  public static byte[] entry(String name) {
    return Objects.requireNonNull(ENTRIES.get(name), name);
  }

  private static Stream<String> names() {
    return ENTRIES.keySet().stream().filter(name -> ENTRIES.containsKey(name + ".raw"));
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("picture"), bytes);
  }

  @ParameterizedTest
  @MethodSource("names")
  void samplesAreThoseOfTheReference(String name) throws IOException {
    Path file = file(entry(name));
    byte[] expected = entry(name + ".raw");
    Pixels pixels = PictureFile.decode(file);
    assertThat(PictureFile.size(file)).containsExactly(expected[1], expected[2]);
    assertThat(new int[] {pixels.height(), pixels.width()})
        .containsExactly(expected[1], expected[2]);
    byte[] samples = Arrays.copyOfRange(expected, 3, expected.length);
    if (pixels.channels() == 1 && expected[0] == 3) { // a palette of greys
      byte[] all = samples;
      samples = new byte[all.length / 3];
      for (int i = 0; i < samples.length; i++) {
        samples[i] = all[3 * i];
      }
    }
    assertThat(pixels.samples()).isEqualTo(samples);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "f.tif | a TIFF picture of signed or floating samples",
        "mlab.tif | a TIFF picture of the photometric interpretation 8",
        "pages.tif | several pictures (an animation or pages); expected one",
        "anim.gif | several pictures (an animation or pages); expected one",
        "anim.webp | several pictures (an animation or pages); expected one",
        "cmyk_noadobe.jpg | four channels and no Adobe marker",
        "adobe2.jpg | damaged picture: Unknown Adobe color transform code 2"
      })
  void channelsOfUnknownMeaningAreRefused(String name, String message) throws IOException {
    Path file = file(entry("other/" + name));
    assertThatThrownBy(() -> PictureFile.decode(file))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(file + ": " + message);
  }

  /**
   * Truncated at many positions, a file is refused, or gives all its samples if only its end is
   * missing.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "rgb.png",
        "mint.png",
        "j75_2.jpg",
        "jp75_1.jpg",
        "cmyk.jpg",
        "l.jpg",
        "b.bmp",
        "g.gif",
        "t.tif",
        "tl.tif",
        "mtile.tif",
        "ll.webp",
        "rgba.webp"
      })
  void aTruncatedFileNeverGivesOtherSamples(String name) throws IOException {
    byte[] whole = entry(name);
    byte[] samples = PictureFile.decode(file(whole)).samples();
    for (int length = 0; length < whole.length; length += Math.max(1, whole.length / 40)) {
      Path file = file(Arrays.copyOf(whole, length));
      try {
        assertThat(PictureFile.decode(file).samples()).as("%d bytes", length).isEqualTo(samples);
      } catch (FormatException e) {
        assertThat(e).hasMessageStartingWith(file + ": ");
      }
    }
  }

  /** The tag, its type, its count, offsets: for any fault in Exif, the picture is read. */
  @ParameterizedTest
  @ValueSource(strings = {"o6.jpg", "o6.tif", "o6.webp"})
  void damagedExifCausesNoErrorOtherThanARefusal(String name) throws IOException {
    byte[] whole = entry(name);
    for (int at = 0; at < Math.min(whole.length, 120); at++) {
      byte[] bad = whole.clone();
      bad[at] = (byte) -1;
      Path file = file(bad);
      try {
        Pixels read = PictureFile.decode(file); // the size may be damaged
        assertThat(read.samples()).hasSize(read.channels() * read.height() * read.width());
      } catch (FormatException e) {
        assertThat(e).hasMessageStartingWith(file + ": ");
      }
    }
  }
}
