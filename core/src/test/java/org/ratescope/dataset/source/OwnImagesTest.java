package org.ratescope.dataset.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.Partition;
import org.ratescope.dataset.PixelType;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.dataset.format.WrittenFiles;
import org.ratescope.dataset.hdf5.Hdf5Resources;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.data.DataSpec;

/** Folders of pictures, NumPy arrays and HDF5 files of the user's own. */
class OwnImagesTest {
  @TempDir Path folder;

  private ImageSet open(String text) throws IOException {
    return ImageLibrary.at(folder.resolve("cache"))
        .open(DataSpec.parse(text), BuildListener.SILENT);
  }

  private void refused(String text, String message) {
    assertThatThrownBy(() -> open(text)).isInstanceOf(FormatException.class).hasMessage(message);
  }

  private Path photos() {
    return folder.resolve("photos");
  }

  private Path photo(String name, int seed, int height, int width) throws IOException {
    BufferedImage picture = WrittenFiles.colourful(seed, height, width);
    return WrittenFiles.picture(photos().resolve(name), picture, "png");
  }

  @Test
  void aFolderOfClasses() throws IOException {
    photo("dogs/b.png", 1, 8, 8);
    photo("dogs/a.png", 2, 8, 8);
    photo("cats/z.png", 3, 8, 8);
    ImageSet images = open("images:%s,size=8,colour=rgb".formatted(photos()));
    assertThat(images.spec().text()).isEqualTo("images:name=photos,size=8,colour=rgb");
    assertThat(images.size()).isEqualTo(3);
    assertThat(images.pixels()).isEqualTo(PixelType.UINT8);
    int[] seeds = {3, 2, 1}; // cats/z, dogs/a, dogs/b
    for (int n = 0; n < 3; n++) {
      float[] image = images.image(n);
      for (int i = 0; i < 64; i++) {
        int x = i % 8;
        int y = i / 8;
        assertThat(image[i]).isEqualTo((37 * seeds[n] + 11 * x) % 256 / 255f);
        assertThat(image[64 + i]).isEqualTo((101 * seeds[n] + 7 * y) % 256 / 255f);
        assertThat(image[128 + i]).isEqualTo((3 * seeds[n] + x * y) % 256 / 255f);
      }
      assertThat(images.source().factors(n)).containsExactly(n == 0 ? 0 : 1);
    }
    Partition cats = images.partition(Split.parse("heldout:cats"));
    assertThat(cats.rows(Subset.TRAIN)).containsExactly(1, 2);
    assertThat(cats.rows(Subset.TEST)).containsExactly(0);
  }

  @Test
  void aFolderIsReducedToGrey() throws IOException {
    photo("a.png", 0, 4, 4);
    ImageSet images = open("images:%s,size=2,colour=grey,name=small".formatted(photos()));
    assertThat(images.spec().text()).isEqualTo("images:name=small,size=2,colour=grey");
    assertThat(images.source().factorNames()).isEmpty();
    // red 0, 11; green 0, 7; blue 0, 1 at (1, 1): means 5.5, 3.5, 0.25; luma 3.73
    assertThat(images.image(0)[0]).isEqualTo(4 / 255f);
  }

  @Test
  void mixedSizesAreAllowedOnlyIfAskedFor() throws IOException {
    Path first = photo("a.png", 1, 8, 8);
    Path second = photo("b.png", 2, 10, 8);
    refused(
        "images:%s,size=4,colour=rgb".formatted(photos()),
        "%s: 10×8 pixels where %s has 8×8; expected one size, or fit=crop or fit=stretch"
            .formatted(second, first));
    ImageSet cropped = open("images:%s,size=4,colour=rgb,fit=crop".formatted(photos()));
    ImageSet stretched = open("images:%s,size=4,colour=rgb,fit=stretch".formatted(photos()));
    assertThat(cropped.image(0)).isEqualTo(stretched.image(0));
    assertThat(cropped.image(1)).isNotEqualTo(stretched.image(1));
    assertThat(cropped.spec().text()).isEqualTo("images:name=photos,size=4,colour=rgb,fit=crop");
    Files.delete(second);
    refused(
        "images:%s,size=8x4,colour=rgb".formatted(photos()),
        first
            + ": 8×8 pixels, which cannot become 8×4 without a change of shape; expected fit=crop"
            + " or fit=stretch");
  }

  @Test
  void oneUnreadableFileIsNamed() throws IOException {
    for (int i = 0; i < 40; i++) {
      photo("%02d.png".formatted(i), i, 6, 6);
    }
    Path bad = Files.writeString(photos().resolve("23.png"), "not a picture");
    refused(
        "images:%s,size=6,colour=grey".formatted(photos()),
        bad + ": unknown bytes at offset 0; expected a picture (PNG, JPEG, GIF, BMP, TIFF, WebP)");
  }

  @Test
  void aChangedFolderIsReadAgain() throws IOException {
    photo("a.png", 1, 6, 6);
    String text = "images:%s,size=6,colour=grey".formatted(photos());
    String before = open(text).sha256();
    assertThat(open(text).sha256()).isEqualTo(before);
    photo("b.png", 2, 6, 6);
    ImageSet after = open(text);
    assertThat(after.size()).isEqualTo(2);
    assertThat(after.sha256()).isNotEqualTo(before);
  }

  @Test
  void foldersOfOneNameAreKeptApart() throws IOException {
    photo("a.png", 1, 6, 6);
    Path other = folder.resolve("other/photos");
    WrittenFiles.picture(other.resolve("a.png"), WrittenFiles.colourful(2, 6, 6), "png");
    ImageSet here = open("images:%s,size=6,colour=grey".formatted(photos()));
    ImageSet there = open("images:%s,size=6,colour=grey".formatted(other));
    assertThat(here.spec()).isEqualTo(there.spec());
    assertThat(here.file()).isNotEqualTo(there.file());
    assertThat(here.image(0)).isNotEqualTo(there.image(0));
  }

  /** A small cousin of dSprites: images of 0 and 1, and a grid of factors. */
  private Path sprites(boolean labelled) throws IOException {
    byte[] images = new byte[24 * 16];
    double[] factors = new double[24 * 3];
    for (int n = 0; n < 24; n++) {
      images[16 * n + n % 16] = 1;
      factors[3 * n] = 1;
      int step = n / 6;
      factors[3 * n + 1] = 0.5 + 0.1 * step;
      factors[3 * n + 2] = n % 6;
    }
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("imgs.npy", WrittenFiles.npy("|u1", images, 24, 4, 4));
    if (labelled) {
      entries.put(
          "latents_values.npy", WrittenFiles.npy("<f8", WrittenFiles.doubles(factors), 24, 3));
    }
    return Files.write(folder.resolve("sprites.npz"), WrittenFiles.zip(entries));
  }

  @Test
  void anArchiveWithFactors() throws IOException {
    String text =
        "array:%s,key=imgs,labels=latents_values,white=1,size=4,colour=grey"
            .formatted(sprites(true));
    ImageSet images = open(text);
    assertThat(images.spec().text())
        .isEqualTo("array:name=sprites,size=4,colour=grey,key=imgs,labels=latents_values,white=1");
    assertThat(images.image(5)[5]).isEqualTo(1);
    assertThat(images.image(5)[4]).isZero();
    assertThat(images.source().factorNames()).containsExactly("factor0", "factor1", "factor2");
    assertThat(images.source().factors(13)).containsExactly(1, 0.7, 1);
    for (int row : images.partition(Split.parse("checkerboard")).rows(Subset.TRAIN)) {
      assertThat((row / 6 / 2 + row % 6 / 3) % 2).isZero();
    }
    assertThat(images.partition(Split.parse("checkerboard")).size(Subset.TRAIN)).isEqualTo(12);
    assertThatThrownBy(() -> images.partition(Split.parse("heldout:1")))
        .hasMessageContaining("is impossible for sprites, which has no classes");
  }

  @Test
  void imagesOfZeroAndOneNeedTheirWhite() throws IOException {
    Path file = sprites(false);
    refused(
        "array:%s,key=imgs,size=4,colour=grey".formatted(file),
        file + " (array imgs): no value is above 1 of 255; expected white=1 where 1 is white");
  }

  @Test
  void layouts() throws IOException {
    byte[] values = new byte[2 * 12];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (10 * i);
    }
    Path nchw =
        Files.write(folder.resolve("nchw.npy"), WrittenFiles.npy("|u1", values, 2, 3, 2, 2));
    Path nhwc =
        Files.write(folder.resolve("nhwc.npy"), WrittenFiles.npy("|u1", values, 2, 2, 2, 3));
    Path flat = Files.write(folder.resolve("flat.npy"), WrittenFiles.npy("|u1", values, 2, 12));
    Path both =
        Files.write(folder.resolve("both.npy"), WrittenFiles.npy("|u1", values, 2, 3, 4, 1));
    assertThat(open("array:%s,size=2,colour=rgb".formatted(nchw)).image(1)[5])
        .isEqualTo(170 / 255f);
    assertThat(open("array:%s,size=2,colour=rgb".formatted(nhwc)).image(1)[5])
        .isEqualTo((10 * (12 + 3 + 1)) / 255f);
    assertThat(open("array:%s,size=2,colour=rgb".formatted(flat)).image(1)[5])
        .isEqualTo(170 / 255f);
    refused(
        "array:%s,size=3x4,colour=grey".formatted(both),
        both + ": shape [2, 3, 4, 1]; expected [N, D], [N, H, W], or layout=nhwc or layout=nchw");
    assertThat(open("array:%s,size=3x4,colour=grey,layout=nhwc".formatted(both)).image(1)[7])
        .isEqualTo(190 / 255f);
    refused(
        "array:%s,size=3,colour=rgb".formatted(flat),
        flat
            + ": images of 12 values in 3 channels; expected 1 or 3 channels, and for layout nd 27"
            + " values");
    refused(
        "array:%s,size=2,colour=rgb,layout=nhw".formatted(flat),
        flat + ": shape [2, 12] does not have the axes of layout nhw");
  }

  @Test
  void floatsStayFloats() throws IOException {
    float[] values = {0, 0.1f, 1 / 3f, 1, 0.9f, 0.25f, 0, 1};
    Path file =
        Files.write(
            folder.resolve("f.npy"), WrittenFiles.npy("<f4", WrittenFiles.floats(values), 2, 2, 2));
    ImageSet images = open("array:%s,size=2,colour=grey".formatted(file));
    assertThat(images.pixels()).isEqualTo(PixelType.FLOAT32);
    assertThat(images.image(0)).containsExactly(0, 0.1f, 1 / 3f, 1);
    values[6] = 1.5f;
    Files.write(file, WrittenFiles.npy("<f4", WrittenFiles.floats(values), 2, 2, 2));
    refused(
        "array:%s,size=2,colour=grey".formatted(file),
        file + ": value 1.5 in image 1 (value 2 of it); expected 0 to 1");
    Path whole =
        Files.write(
            folder.resolve("i.npy"), WrittenFiles.npy("<i4", WrittenFiles.ints(1, 2), 2, 1, 1));
    refused(
        "array:%s,size=1,colour=grey".formatted(whole),
        whole
            + ": images of int32; expected uint8, bool, and float16, float32, float64 from 0 to 1");
  }

  @Test
  void labelsOfAnArrayFile() throws IOException {
    Path file =
        Files.write(
            folder.resolve("x.npy"), WrittenFiles.npy("|u1", new byte[] {9, 8, 7}, 3, 1, 1));
    Files.write(folder.resolve("y.npy"), WrittenFiles.npy("<i4", WrittenFiles.ints(4, 5, 4), 3));
    ImageSet images = open("array:%s,labels=y.npy,size=1,colour=grey".formatted(file));
    assertThat(images.source().factorNames()).containsExactly("class");
    assertThat(images.partition(Split.parse("heldout:4")).rows(Subset.TRAIN)).containsExactly(1);
    Path few =
        Files.write(folder.resolve("few.npy"), WrittenFiles.npy("<i4", WrittenFiles.ints(4, 5), 2));
    refused(
        "array:%s,labels=few.npy,size=1,colour=grey".formatted(file),
        few + ": labels of shape [2]; expected [3] or [3, FACTORS]");
  }

  @Test
  void anHdf5File() throws IOException {
    Path file = Hdf5Resources.file("earliest.h5", folder);
    ImageSet images =
        open("hdf5:%s,key=deep/er/images,labels=int16,size=6x5,colour=rgb".formatted(file));
    assertThat(images.size()).isEqualTo(23);
    assertThat(images.image(20)[30 + 3 * 5 + 2]).isEqualTo((100 + 3 + 4 + 40) / 255f);
    assertThat(images.source().factors(20)).containsExactly(20, 21);
  }

  @Test
  void anHdf5FileWithTextLabelsAndOddNames() throws IOException {
    Path file = Hdf5Resources.file("cases.h5", folder);
    ImageSet images =
        open("hdf5:%s,key=\"my images\",labels=text-any-ascii,size=6x5,colour=rgb".formatted(file));
    assertThat(images.size()).isEqualTo(2);
    assertThat(images.image(1)[30 + 3 * 5 + 2]).isEqualTo((5 + 3 + 4 + 40) / 255f);
    assertThat(images.partition(Split.parse("heldout:dog")).rows(Subset.TRAIN)).containsExactly(0);
  }

  /** Pixels lie in another file, whose change is a change of the images. */
  @Test
  void anHdf5FileWithAnExternalFile() throws IOException {
    Path file = Hdf5Resources.file("cases.h5", folder);
    Path raw = Hdf5Resources.file("raw.bin", folder);
    String text = "hdf5:%s,key=raw,size=6x5,colour=rgb".formatted(file);
    assertThat(open(text).image(0)[0]).isZero();
    byte[] bytes = Files.readAllBytes(raw);
    bytes[0] = 51;
    Files.write(raw, bytes);
    Files.setLastModifiedTime(raw, FileTime.fromMillis(1_000_000));
    assertThat(open(text).image(0)[0]).isEqualTo(0.2f);
  }

  @Test
  void placesThatAreNotThere() {
    assertThatThrownBy(() -> open("images:%s,size=2,colour=grey".formatted(photos())))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(photos().toString());
    assertThatThrownBy(() -> open("images:name=photos,size=2,colour=grey"))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "images:name=photos,size=2,colour=grey: where these images are is not known; a study"
                + " file names them under data (images: PATH), the command line as"
                + " images:PATH,size=...,colour=...");
  }
}
