package org.ratescope.dataset.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.dataset.format.WrittenFiles;

/** Pictures and folders of pictures. */
class PictureFilesTest {
  private static final String UNKNOWN =
      "unknown bytes at offset 0; expected a picture (PNG, JPEG, GIF, BMP, TIFF, WebP)";

  @TempDir Path folder;

  private Pixels decoded(BufferedImage image) throws IOException {
    return PictureFile.decode(WrittenFiles.picture(folder.resolve("x.png"), image, "png"));
  }

  @Test
  void colourIsUnchanged() throws IOException {
    Pixels pixels = decoded(WrittenFiles.colourful(5, 4, 7));
    assertThat(new int[] {pixels.channels(), pixels.height(), pixels.width()})
        .containsExactly(3, 4, 7);
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 7; x++) {
        assertThat(Arrays.copyOfRange(pixels.samples(), (y * 7 + x) * 3, (y * 7 + x) * 3 + 3))
            .containsExactly(
                (37 * 5 + 11 * x) % 256, (101 * 5 + 7 * y) % 256, (3 * 5 + x * y) % 256);
      }
    }
  }

  /** Java's own getRGB would change these values, as if the grey of the file were linear. */
  @Test
  void greyIsUnchanged() throws IOException {
    BufferedImage image = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
    for (int x = 0; x < 256; x++) {
      image.getRaster().setSample(x, 0, 0, x);
    }
    Pixels pixels = decoded(image);
    assertThat(pixels.channels()).isOne();
    for (int x = 0; x < 256; x++) {
      assertThat(Byte.toUnsignedInt(pixels.samples()[x])).isEqualTo(x);
    }
  }

  @Test
  void sixteenBitsAreRounded() throws IOException {
    BufferedImage image = new BufferedImage(5, 1, BufferedImage.TYPE_USHORT_GRAY);
    int[] values = {0, 128, 129, 257 * 100, 65535}; // 257 to one step of 8 bits
    for (int x = 0; x < values.length; x++) {
      image.getRaster().setSample(x, 0, 0, values[x]);
    }
    assertThat(decoded(image).samples()).containsExactly(0, 0, 1, 100, 255);
  }

  @Test
  void transparentPartsArePutOnBlack() throws IOException {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0xFF102030);
    image.setRGB(1, 0, 0x00FFFFFF);
    image.setRGB(2, 0, 0x80FF6432);
    assertThat(decoded(image).samples())
        .containsExactly(0x10, 0x20, 0x30, 0, 0, 0, 128, 50, 25); // 255, 100, 50 times 128 / 255
    WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 1, 1, 2, null);
    raster.setPixel(0, 0, new int[] {200, 51});
    ComponentColorModel greyAlpha =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY),
            true,
            false,
            Transparency.TRANSLUCENT,
            DataBuffer.TYPE_BYTE);
    Pixels grey = decoded(new BufferedImage(greyAlpha, raster, false, null));
    assertThat(grey.channels()).isOne();
    assertThat(grey.samples()).containsExactly(40);
  }

  @Test
  void palettes() throws IOException {
    byte[] red = {0, (byte) 200};
    byte[] green = {10, 100};
    byte[] blue = {20, 50};
    BufferedImage colours =
        new BufferedImage(
            2, 1, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(8, 2, red, green, blue));
    colours.getRaster().setSample(1, 0, 0, 1);
    assertThat(decoded(colours).samples()).containsExactly(0, 10, 20, 200, 100, 50);
    BufferedImage twoTone = new BufferedImage(9, 1, BufferedImage.TYPE_BYTE_BINARY);
    twoTone.getRaster().setSample(8, 0, 0, 1);
    Pixels pixels = decoded(twoTone);
    assertThat(pixels.channels()).isOne();
    assertThat(pixels.samples()).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 255);
  }

  @Test
  void jpegIsSimilarToTheOriginal() throws IOException {
    BufferedImage plain = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 256; i++) {
      plain.setRGB(i % 16, i / 16, 0x406080);
    }
    Pixels pixels =
        PictureFile.decode(WrittenFiles.picture(folder.resolve("x.JPEG"), plain, "jpg"));
    assertThat(new int[] {pixels.channels(), pixels.height(), pixels.width()})
        .containsExactly(3, 16, 16);
    int[] colour = {0x40, 0x60, 0x80};
    for (int i = 0; i < pixels.samples().length; i++) {
      assertThat(Byte.toUnsignedInt(pixels.samples()[i])).isCloseTo(colour[i % 3], within(3));
    }
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("a.png"), "no picture at all");
    refused(text, UNKNOWN);
    refused(Files.write(text, new byte[0]), UNKNOWN);
    Path good =
        WrittenFiles.picture(folder.resolve("c.png"), WrittenFiles.colourful(1, 30, 30), "png");
    byte[] bytes = Files.readAllBytes(good);
    Files.write(good, Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> PictureFile.decode(good))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(good + ": damaged picture: ");
    assertThatThrownBy(() -> PictureFile.decode(folder.resolve("gone.png")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("gone.png");
  }

  private static void refused(Path file, String message) {
    assertThatThrownBy(() -> PictureFile.decode(file))
        .isInstanceOf(FormatException.class)
        .hasMessage(file + ": " + message);
  }

  /** A header with 900 million pixels does not cause an allocation. */
  @Test
  void absurdSizesAreRefusedBeforeDecoding() throws IOException {
    Path file =
        WrittenFiles.picture(folder.resolve("x.png"), WrittenFiles.colourful(1, 3, 3), "png");
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes).putInt(16, 30_000).putInt(20, 30_000);
    CRC32 crc = new CRC32();
    crc.update(bytes, 12, 17);
    ByteBuffer.wrap(bytes).putInt(29, (int) crc.getValue());
    Files.write(file, bytes);
    refused(file, "30000×30000 pixels; expected at most 16384 a side and 33554432 in all");
  }

  @Test
  void foldersWithoutClasses() throws IOException {
    for (String name : new String[] {"b.png", "A.JPG", "c.Jpeg", ".hidden.png", "notes.txt"}) {
      Files.write(folder.resolve(name), new byte[0]);
    }
    ImageFolder found = ImageFolder.list(folder);
    assertThat(found.files())
        .extracting(f -> f.getFileName().toString())
        .containsExactly("A.JPG", "b.png", "c.Jpeg");
    assertThat(found.classes()).isEmpty();
    assertThat(found.labels()).isEmpty();
    assertThat(found.skipped().text()).isEqualTo("2 (1 .txt: notes.txt, 1 hidden: .hidden.png)");
  }

  @Test
  void subFoldersAreClasses() throws IOException {
    for (String name : new String[] {"dogs/2.png", "dogs/10.png", "cats/1.png", ".git/x.png"}) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, new byte[0]);
    }
    Files.createDirectories(folder.resolve("empty"));
    ImageFolder found = ImageFolder.list(folder);
    assertThat(found.classes()).containsExactly("cats", "dogs");
    assertThat(found.files())
        .extracting(f -> folder.relativize(f).toString())
        .containsExactly("cats/1.png", "dogs/10.png", "dogs/2.png");
    assertThat(found.labels()).containsExactly(0, 1, 1);
    Files.write(folder.resolve("stray.png"), new byte[0]);
    assertThatThrownBy(() -> ImageFolder.list(folder))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            folder
                + ": pictures both in the folder (stray.png) and in sub-folders (cats/1.png);"
                + " expected all in one of them");
  }

  @Test
  void foldersWithoutUsablePicturesAreRefused() throws IOException {
    assertThatThrownBy(() -> ImageFolder.list(folder))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            folder
                + ": no pictures (PNG, JPEG, GIF, BMP, TIFF, WebP) in the folder or its"
                + " sub-folders");
    assertThatThrownBy(() -> ImageFolder.list(folder.resolve("gone")))
        .isInstanceOf(NoSuchFileException.class);
    Path file = Files.write(folder.resolve("a.png"), new byte[0]);
    assertThatThrownBy(() -> ImageFolder.list(file))
        .isInstanceOf(FormatException.class)
        .hasMessage(file + ": a file; expected a folder of pictures");
  }
}
