package org.ratescope.figure.svg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import org.junit.jupiter.api.Test;

/** Colours of a PDF file and the number of pixels of a PNG file. */
class SvgConversionTest {
  @Test
  void textHasTheColourThatVegaWrites() {
    assertThat(PdfWriter.colour("#D55E00")).isEqualTo(new Color(0xD5, 0x5E, 0));
    assertThat(PdfWriter.colour("rgb(1, 22, 255)")).isEqualTo(new Color(1, 22, 255));
    assertThat(PdfWriter.colour("rgb(1,22,999)")).isEqualTo(new Color(1, 22, 255));
    assertThat(PdfWriter.colour("white")).isEqualTo(Color.WHITE);
    assertThat(PdfWriter.colour("")).isEqualTo(Color.BLACK);
  }

  @Test
  void anImageHasALimitedNumberOfPixels() {
    assertThat(SvgRasterizer.scale(1000, 500, 2)).isEqualTo(2);
    double scale = SvgRasterizer.scale(7200, 10_850, 2);
    assertThat(scale).isLessThan(2);
    assertThat(7200 * scale * 10_850 * scale).isCloseTo(SvgRasterizer.MOST_PIXELS, within(1e-3));
  }
}
