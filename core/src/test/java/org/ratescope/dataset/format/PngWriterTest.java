package org.ratescope.dataset.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.dataset.ImageGrid;
import org.ratescope.spec.data.DataSpec;

class PngWriterTest {
  private static BufferedImage decoded(byte[] png) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  private static int rgb(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) & 0xFFFFFF;
  }

  @Test
  void colour() throws IOException {
    float[] chw = {0, 1, 0.5f, 0.2f, 2, -1};
    BufferedImage image = decoded(PngWriter.encode(chw, 3, 1, 2));
    assertThat(image.getWidth()).isEqualTo(2);
    assertThat(image.getHeight()).isEqualTo(1);
    assertThat(rgb(image, 0, 0)).isEqualTo(0x0080FF);
    assertThat(rgb(image, 1, 0)).isEqualTo(0xFF3300);
  }

  @Test
  void grey() throws IOException {
    BufferedImage image = decoded(PngWriter.encode(new float[] {0, 0.2f, 1}, 1, 3, 1));
    assertThat(image.getRaster().getSamples(0, 0, 1, 3, 0, (int[]) null))
        .containsExactly(0, 51, 255);
  }

  @Test
  void dataUri() throws IOException {
    String uri = PngWriter.dataUri(new float[] {1}, 1, 1, 1);
    String prefix = "data:image/png;base64,";
    assertThat(uri).startsWith(prefix);
    BufferedImage image = decoded(Base64.getDecoder().decode(uri.substring(prefix.length())));
    assertThat(rgb(image, 0, 0)).isEqualTo(0xFFFFFF);
  }

  @Test
  void refusals() {
    assertThatThrownBy(() -> PngWriter.encode(new float[2], 2, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("channels must be 1 or 3; got 2");
    assertThatThrownBy(() -> PngWriter.encode(new float[5], 3, 1, 2))
        .hasMessage("image must hold 3*1*2 values; got 5");
    assertThatThrownBy(() -> PngWriter.encode(new float[] {Float.NaN}, 1, 1, 1))
        .hasMessage("a pixel's value must be a number; got NaN");
  }

  @Test
  void contactSheetEnlargesWithoutSmoothing(@TempDir Path folder) throws IOException {
    DataSpec spec = DataSpec.parse("tetrominoes:resolution=4");
    float[] dark = new float[48];
    float[] green = new float[48];
    green[16] = 1;
    Path file = folder.resolve("sheet.png");
    ImageGrid.of(spec, 2, List.of(dark, dark, green)).write(file, 3);
    BufferedImage sheet = decoded(Files.readAllBytes(file));
    assertThat(sheet.getWidth()).isEqualTo(4 + 2 * (12 + 4));
    assertThat(sheet.getHeight()).isEqualTo(4 + 2 * (12 + 4));
    assertThat(rgb(sheet, 4, 20)).isEqualTo(0x00FF00);
    assertThat(rgb(sheet, 6, 22)).isEqualTo(0x00FF00);
    assertThat(rgb(sheet, 7, 22)).isZero();
    assertThat(rgb(sheet, 3, 20)).isEqualTo(0xF4F4F2);
    assertThat(rgb(sheet, 20, 20)).isEqualTo(0xF4F4F2); // no fourth image
  }
}
